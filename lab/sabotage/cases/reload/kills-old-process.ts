import fdPassing from '../../../../cases/fd-passing.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  fdPassing,
  'reload-kills-old-process',
  'the old process is killed before it can finish its connections',
  {
    reload: 'haproxy -D -f $CFG -p $PIDFILE -x $SOCK; kill -9 $OLD',
  },
)

export const caught: Caught = {
  verdict: ['contradicts', 'inconclusive'],
  by: /theory expects none|the kernel's counters do not explain/,
}
