import none from '../../../cases/none.ts'
import { broken } from '../broken.ts'
import type { Caught } from '../plant.ts'

export default broken(none, 'old-never-told', 'nobody tells the old process to go', {
  control: undefined,
  proof: 'reload',
  on: { haproxy: { reload: 'haproxy -D -f $CFG -p $PIDFILE' } },
})

export const caught: Caught = {
  verdict: ['failed'],
  by: /reload 0: the old proxy \(process \d+\) still listens after 5 s/,
}
