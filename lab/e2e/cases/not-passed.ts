import type { CaseFile } from '../../../cases/case.ts'

// The new proxy creates a listener of its own instead of taking over the old one.
export default {
  name: 'not-passed',
  title: 'Broken on purpose',
  idea: 'The new proxy creates a listener of its own instead of taking over the old one.',
  source: "the lab's own tests",
  // A control adds no other case to the run.
  control: 'negative',
  proof: 'reload',
  listeners: 'kept',
  expects: [{ resets: 'none', because: 'it never gets that far' }],
  drawbacks: [],
} satisfies CaseFile
