import fdPassing from '../../../../cases/fd-passing.ts'
import { broken, COUNTED, configured } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  fdPassing,
  'service-closes-without-answer',
  'one of the new proxies closes without an answer, until the next reload',
  {
    before: [COUNTED, configured('tcp-request content reject'), '[ $n -eq 3 ] || cp /tmp/healthy.cfg $CFG'],
  },
)

export const caught: Caught = { verdict: ['contradicts'], by: /undeclared price: .*\d+ cut short/ }
export const quick = true
