import fdPassing from '../../../../cases/fd-passing.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(fdPassing, 'reload-wrong-socket', '-x names a socket at which nobody listens', {
  reload: 'haproxy -D -f $CFG -p $PIDFILE -x /run/other.sock -sf $OLD',
})

export const caught: Caught = { verdict: ['failed'], by: /reload 0: \/cell\/reload ended with status 1/ }
export const quick = true
