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
      resets: 'some',
      because:
        'under load the CPU takes packets in turns with the proxy (ksoftirqd), so that more of them come between its last ' +
        'accept() and close(), which finds their connections in the accept queue, or still in SYN_RECV',
    },
  ],
  drawbacks: [
    'all interrupts of the network must fit on the one CPU of the proxy',
    'under load it loses more connections than where another CPU takes the packets',
  ],
} satisfies CaseFile
