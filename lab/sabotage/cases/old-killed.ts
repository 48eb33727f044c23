import fdPassing from '../../../cases/fd-passing.ts'
import { broken } from '../broken.ts'
import type { Caught } from '../plant.ts'

export default broken(fdPassing, 'old-killed', 'the old process is killed where it should finish what it has', {
  on: { haproxy: { reload: 'haproxy -D -f $CFG -p $PIDFILE -x $SOCK; kill -9 $OLD' } },
})

export const caught: Caught = {
  verdict: ['contradicts', 'inconclusive'],
  by: /theory: none|the kernel's counters explain all resets but/,
}
