import type { CaseFile } from '../../../cases/case.ts'

// The proxy rejects its configuration.
export default {
  name: 'bad-config',
  title: 'Broken on purpose',
  idea: 'The proxy rejects its configuration.',
  source: "the lab's own tests",
  // A control adds no other case to the run.
  control: 'negative',
  proxy: { global: ['there is no such keyword'] },
  expects: [{ resets: 'none', because: 'it never gets that far' }],
  drawbacks: [],
} satisfies CaseFile
