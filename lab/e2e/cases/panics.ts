import type { CaseFile } from '../../../cases/case.ts'

// The kernel panics at the first reload.
export default {
  name: 'panics',
  title: 'Broken on purpose',
  idea: 'The kernel panics at the first reload.',
  source: "the lab's own tests",
  // A control adds no other case to the run.
  control: 'negative',
  before: ['echo c >/proc/sysrq-trigger'],
  expects: [{ resets: 'none', because: 'it never gets that far' }],
  drawbacks: [],
} satisfies CaseFile
