import type { CaseFile } from '../../../cases/case.ts'

// A command before the reload never ends.
export default {
  name: 'command-hangs',
  title: 'Broken on purpose',
  idea: 'A command before the reload never ends.',
  source: 'the lab: its own tests',
  // A control brings no other case into the run.
  control: 'negative',
  before: ['sleep 1000'],
  expects: [{ resets: 'none', because: 'it never gets so far' }],
  drawbacks: [],
} satisfies CaseFile
