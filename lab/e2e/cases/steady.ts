import type { CaseFile } from '../../../cases/case.ts'

// A case as a user may write it.
export default {
  name: 'steady',
  title: "A user's own",
  idea: 'It does nothing.',
  source: "the lab's own tests",
  // A control adds no other case to the run.
  control: 'negative',
  reload: false,
  expects: [{ resets: 'none', because: 'no listener is ever closed' }],
  drawbacks: [],
} satisfies CaseFile
