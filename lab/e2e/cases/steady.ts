import type { CaseFile } from '../../../cases/case.ts'

// A case that a user may have written.
export default {
  name: 'steady',
  title: "A user's own",
  idea: 'It does nothing but name a thing of its own.',
  source: 'the lab: its own tests',
  // A control brings no other case into the run.
  control: 'negative',
  reload: false,
  expects: [{ resets: 'none', because: 'no listener is ever closed' }],
  drawbacks: [],
} satisfies CaseFile
