import none from '../../../cases/none.ts'
import { broken } from '../broken.ts'
import type { Caught } from '../plant.ts'

export default broken(none, 'control-that-is-none', 'the positive control passes its descriptors on', {
  on: { haproxy: { reload: 'haproxy -D -f $CFG -p $PIDFILE -x $SOCK -sf $OLD' } },
})

export const caught: Caught = { verdict: ['inconclusive'], by: /nothing was lost/ }
