import none from '../../../../cases/none.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(none, 'reload-leaves-old-process', 'the old process is never told to finish', {
  control: undefined,
  proof: 'reload',
  on: { haproxy: { ...none.on.haproxy, reload: 'haproxy -D -f $CFG -p $PIDFILE' } },
})

export const caught: Caught = {
  verdict: ['failed'],
  by: /reload 0: the old proxy \(process \d+\) still listens after 5 s/,
}
