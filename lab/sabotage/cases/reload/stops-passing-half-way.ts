import fdPassing from '../../../../cases/fd-passing.ts'
import { broken, COUNTED } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  fdPassing,
  'reload-stops-passing-half-way',
  'from the third reload on, the new proxy creates a listener of its own',
  {
    before: [COUNTED],
    reload: 'x="-x $SOCK"; [ $(cat /tmp/n) -lt 3 ] || x=; haproxy -D -f $CFG -p $PIDFILE $x -sf $OLD',
  },
)

export const caught: Caught = { verdict: ['failed'], by: /reload 2: the new proxy has a listener of its own/ }
export const quick = true
