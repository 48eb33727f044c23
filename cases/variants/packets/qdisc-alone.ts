import type { CaseFile } from '../../case.ts'
import synDelay from '../../syn-delay.ts'

export default {
  name: 'qdisc-alone',
  title: 'The qdisc of SYN delay, alone',
  idea: 'The same qdisc, filter and marks as SYN delay, without a plug that blocks and without any reload.',
  source: 'the lab: does the qdisc reset connections by itself?',
  control: 'negative',
  needs: synDelay.needs,
  setup: synDelay.setup,
  reload: false,
  price: { slow: true },
  expects: [{ resets: 'none', because: 'no listener is ever closed' }],
  drawbacks: ['none: it is no mitigation'],
} satisfies CaseFile
