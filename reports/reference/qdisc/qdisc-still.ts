import type { CaseFile } from '../../../cases/case.ts'
import delay from '../../../cases/syn-delay.ts'

// What the qdisc of syn-delay does by itself: the same set-up, and nothing is ever plugged or reloaded.
export default {
  name: 'qdisc-still',
  title: 'The qdisc of SYN delay alone',
  idea: 'The qdisc of syn-delay is there, and nothing is ever plugged or reloaded.',
  source: 'the lab: two resets under syn-delay on Linux 4.9, one of them of a connection begun after the reload',
  control: 'negative',
  needs: delay.needs,
  setup: delay.setup,
  reload: false,
  expects: [{ resets: 'none', because: 'no listener is ever closed' }],
  drawbacks: [],
} satisfies CaseFile
