import shards from '../../../../cases/variants/sockets/shards.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(shards, 'sockets-shards-not-passed', 'the reload to fewer sockets passes none of them on', {
  on: { haproxy: { ...shards.on.haproxy, reload: 'haproxy -D -f $CFG -p $PIDFILE -sf $OLD' } },
})

export const caught: Caught = { verdict: ['failed'], by: /reload 0: the new proxy has a listener of its own/ }
export const quick = true
