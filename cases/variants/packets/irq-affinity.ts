import type { CaseFile } from '../../case.ts'
import { BLACK_HOLE } from '../../none.ts'
import irqApart, { takenBy } from './irq-apart.ts'

export default {
  ...irqApart,
  name: 'irq-affinity',
  title: "Network interrupts on the proxy's CPU",
  idea: 'Let the CPU of the proxy take what comes in from the network, so that no handshake ends while the proxy closes.',
  source: 'article, section 6: echo 1 > /proc/irq/$i/smp_affinity; here RPS, as a veth has no interrupts',
  against: 'irq-apart',
  ...takenBy('$PROXY_CPU'),
  price: { slow: true, throughput: 0.9 },
  expects: [
    BLACK_HOLE,
    {
      resets: 'fewer',
      because:
        'packets are taken between the last accept() and close() only where an interrupt comes just there; none is taken ' +
        'at the same time on another CPU',
    },
  ],
  drawbacks: [
    'all interrupts of the network must fit on the one CPU of the proxy',
    'rare is not never: an interrupt between accept() and close() loses connections',
  ],
} satisfies CaseFile
