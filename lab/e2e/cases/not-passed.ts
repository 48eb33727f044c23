import type { CaseFile } from '../../../cases/case.ts'

// The new proxy makes a listener of its own where it should have been passed one.
export default {
  name: 'not-passed',
  title: 'Broken on purpose',
  idea: 'The new proxy makes a listener of its own where it should have been passed one.',
  source: 'the lab: its own tests',
  // A control brings no other case into the run.
  control: 'negative',
  proof: 'kept-listener',
  expects: [{ resets: 'none', because: 'it never gets so far' }],
  drawbacks: [],
} satisfies CaseFile
