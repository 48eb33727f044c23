import type { CaseFile } from '../../../cases/case.ts'

// A command before the reload never ends.
export default {
  name: 'command-hangs',
  title: 'Broken on purpose',
  idea: 'A command before the reload never ends.',
  source: "the lab's own tests",
  // A control adds no other case to the run.
  control: 'negative',
  before: ['sleep 1000'],
  expects: [{ resets: 'none', because: 'it never gets that far' }],
  drawbacks: [],
} satisfies CaseFile
