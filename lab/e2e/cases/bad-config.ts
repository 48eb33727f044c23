import type { CaseFile } from '../../../cases/case.ts'

// The proxy does not take its configuration.
export default {
  name: 'bad-config',
  title: 'Broken on purpose',
  idea: 'The proxy does not take its configuration.',
  source: 'the lab: its own tests',
  // A control brings no other case into the run.
  control: 'negative',
  on: { haproxy: { config: { global: ['there is no such keyword'] } } },
  expects: [{ resets: 'none', because: 'it never gets so far' }],
  drawbacks: [],
} satisfies CaseFile
