import transfer from '../../../../cases/variants/https/ab-transfer.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(transfer, 'https-not-transferred', 'the new proxy does not ask for the sockets: no -x', {
  on: { haproxy: { ...transfer.on.haproxy, reload: 'haproxy -D -f $CFG -p $PIDFILE -sf $OLD' } },
})

export const caught: Caught = { verdict: ['failed'], by: /reload 0: the new proxy has a listener of its own/ }
export const args = ['--users', '10', '--duration', '4']
