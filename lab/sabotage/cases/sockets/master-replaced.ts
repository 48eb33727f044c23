import masterWorker from '../../../../cases/master-worker.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  masterWorker,
  'sockets-master-replaced',
  'another master is started, to which nobody passes sockets',
  {
    on: {
      haproxy: { ...masterWorker.on.haproxy, reload: 'haproxy -W -D -f $CFG -p $PIDFILE -sf $(cat $PIDFILE)' },
    },
  },
)

export const caught: Caught = { verdict: ['failed'], by: /reload 0: the new proxy has a listener of its own/ }
export const quick = true
