import none from '../../../../cases/none.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(none, 'reload-passes-in-the-control', 'the positive control passes its descriptors on', {
  on: { haproxy: { ...none.on.haproxy, reload: 'haproxy -D -f $CFG -p $PIDFILE -x $SOCK -sf $OLD' } },
})

export const caught: Caught = { verdict: ['inconclusive'], by: /nothing was lost/ }
