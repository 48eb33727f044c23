import type { CaseFile } from '../../../cases/case.ts'

// A command before the reload fails.
export default {
  name: 'command-fails',
  title: 'Broken on purpose',
  idea: 'A command before the reload fails.',
  source: 'the lab: its own tests',
  // A control brings no other case into the run.
  control: 'negative',
  before: ['iptables -A NO_SUCH_CHAIN -j DROP'],
  expects: [{ resets: 'none', because: 'it never gets so far' }],
  drawbacks: [],
} satisfies CaseFile
