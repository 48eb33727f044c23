import type { CaseFile } from '../../../cases/case.ts'

// A command before the reload fails.
export default {
  name: 'command-fails',
  title: 'Broken on purpose',
  idea: 'A command before the reload fails.',
  source: "the lab's own tests",
  // A control adds no other case to the run.
  control: 'negative',
  before: ['iptables -A NO_SUCH_CHAIN -j DROP'],
  expects: [{ resets: 'none', because: 'it never gets that far' }],
  drawbacks: [],
} satisfies CaseFile
