import type { CaseFile } from '../../case.ts'
import { BLACK_HOLE } from '../../none.ts'

export default {
  name: 'stopped',
  title: 'The old process stands still until it closes',
  idea: 'Stop the old process 150 ms ahead of the reload: what comes to it meanwhile waits in its accept queue at the close.',
  source: 'the lab; article, section 5: "after the last accept() … a few connections were still pending"',
  needs: { features: ['reuseport'] },
  before: ['kill -STOP $OLD', 'sleep 0.15'],
  after: ['kill -CONT $OLD', 'closed $OLD $PORT'],
  proof: {
    shows: 'connections that waited in accept queues at the end of the stop',
    read: [
      'waiting=0',
      `for queue in $(awk '$4 == "0A" { sub(/.*:/, "", $5); print $5 }' /proc/net/tcp); do waiting=$((waiting + 0x$queue)); done`,
      'echo $waiting',
    ],
    at: 'reload',
  },
  price: { slow: true, throughput: 0.95 },
  expects: [
    BLACK_HOLE,
    {
      resets: 'some',
      because:
        'a stopped process accepts nothing, and SIGUSR1 waits until it goes on; it closes in the handler, and close() resets ' +
        'what is in the accept queue (inet_csk_listen_stop)',
    },
  ],
  drawbacks: ['none: it is no mitigation, but makes the time between the last accept() and close() long'],
  // Up to 2.2 the listener is closed a turn later, so that the process might accept first.
  on: { haproxy: { needs: { from: '2.3' } } },
} satisfies CaseFile
