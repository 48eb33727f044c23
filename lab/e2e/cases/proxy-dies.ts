import type { CaseFile } from '../../../cases/case.ts'

// The new proxy dies between two reloads.
export default {
  name: 'proxy-dies',
  title: 'Broken on purpose',
  idea: 'The new proxy dies between two reloads.',
  source: 'the lab: its own tests',
  // A control brings no other case into the run.
  control: 'negative',
  after: ['kill -9 $NEW'],
  expects: [{ resets: 'none', because: 'it never gets so far' }],
  drawbacks: [],
} satisfies CaseFile
