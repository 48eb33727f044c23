import type { CaseFile } from '../case.ts'
import { KEPT_NGINX } from '../none.ts'

const WORKERS = "pgrep -P $(cat $PIDFILE) -f 'worker process *$'"

export default {
  name: 'nginx-workers',
  title: 'Reload (HUP) with fewer workers',
  idea: 'With reuseport a worker has a socket of its own: a reload from 4 workers to 2 closes two sockets.',
  source: 'the lab; nginx ticket 425 asks for reloads that lose nothing',
  needs: { features: ['reuseport'] },
  // Back to 4 by a reload that only adds sockets, which loses nothing: what is lost meanwhile counts as lost in the pause
  // before the reload, and a cell that loses there is not believed. The first reload finds 4.
  prepare: [
    'grep -q "worker_processes 4" $CFG && exit',
    'sed -i "s/worker_processes 2/worker_processes 4/" $CFG',
    'kill -HUP $(cat $PIDFILE)',
    'closed $OLD $PORT',
    `until [ $(${WORKERS} | wc -l) = 4 ]; do sleep 0.01; done`,
  ],
  before: ['sed -i "s/worker_processes 4/worker_processes 2/" $CFG'],
  proof: 'reload',
  listeners: 'fewer',
  // Six workers take turns on one CPU while a reload goes on.
  price: { slow: true },
  expects: [
    KEPT_NGINX,
    {
      resets: 'some',
      because:
        'the sockets of workers that are no longer there close with what waits in them (inet_csk_listen_stop); the ' +
        'hash over the group has sent connections there until the close (reuseport_select_sock)',
    },
  ],
  drawbacks: [
    'loses connections at each reload with fewer workers',
    'worker_processes auto counts the CPUs when the program starts: an upgrade (USR2) on fewer CPUs does so, too',
  ],
  on: { nginx: { config: { main: ['worker_processes 4;'], listen: ['reuseport'] } } },
} satisfies CaseFile
