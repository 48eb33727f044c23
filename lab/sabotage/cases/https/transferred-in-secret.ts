import reload from '../../../../cases/variants/https/ab-reload.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(reload, 'https-transferred-in-secret', 'the plain reload passes the sockets on: -x', {
  on: { haproxy: { ...reload.on.haproxy, reload: 'haproxy -D -f $CFG -p $PIDFILE -x $SOCK -sf $OLD' } },
})

export const caught: Caught = {
  verdict: ['failed'],
  by: /reload 0: the new proxy has 1 of the 1 listener of the old one, not none of them/,
}
export const args = ['--users', '10', '--duration', '4']
