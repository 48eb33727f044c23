import type { CaseFile } from '../../case.ts'
import { BLACK_HOLE } from '../../none.ts'

// Beside `none` this differs by maxaccept, too. With --maxaccept -1 both have the same, and `none` has less to lose.
export default {
  name: 'same-cpu',
  title: 'Generator on the CPU of the proxy',
  idea: 'Run the load on the CPU of the proxy: nearly all that it has begun is accepted before the old listener closes.',
  source: 'article, section 5: no error in an hour and 150 million connections with inject on the CPU of HAProxy',
  cpus: 'one',
  proof: 'reload',
  // Two programs share what one had, and take turns of some milliseconds.
  price: { slow: true, throughput: 0.9 },
  expects: [
    BLACK_HOLE,
    {
      resets: 'fewer',
      because:
        'clients run between the last accept(), which found the queue empty, and close() only where the scheduler takes ' +
        'the CPU from the proxy just there; and a handshake on the loopback is over before connect() returns, so that ' +
        'none is in SYN_RECV',
    },
  ],
  drawbacks: [
    'the load of all clients, or of all interrupts of the network, must fit on the one CPU of the proxy',
    'rare is not never: a proxy that loses its CPU between accept() and close() loses connections',
  ],
  // The article's proxy took all that waited in one turn; the default of HAProxy 2.4 and later, 4, leaves the rest.
  on: { haproxy: { config: { global: ['tune.maxaccept -1'] } } },
} satisfies CaseFile
