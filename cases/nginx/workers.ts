import type { CaseFile } from '../case.ts'
import { COUNT_SOCKETS, FEWER_SOCKETS, inTurn } from '../sockets.ts'

export default {
  name: 'nginx-workers',
  title: 'Reload (HUP) with fewer workers',
  idea: 'With reuseport a worker has a socket of its own: 4 workers and 2 in turn, so every second reload closes two.',
  source: 'the lab; nginx ticket 425 asks for reloads that lose nothing',
  needs: { features: ['reuseport'] },
  setup: ["sed -i 's/worker_processes .*/worker_processes 4;/' $CFG"],
  before: [COUNT_SOCKETS, inTurn('worker_processes 4', 'worker_processes 2')],
  proof: FEWER_SOCKETS,
  expects: [
    {
      resets: 'some',
      because:
        'the sockets of workers that are no longer there close with what waits in them (inet_csk_listen_stop); the ' +
        'hash over the group has sent connections there until the close (reuseport_select_sock)',
    },
  ],
  drawbacks: [
    'loses connections at each reload with fewer workers',
    'worker_processes auto does so when CPUs are taken away',
  ],
  on: { nginx: { config: { listen: ['reuseport'] } } },
} satisfies CaseFile
