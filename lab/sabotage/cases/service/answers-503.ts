import fdPassing from '../../../../cases/fd-passing.ts'
import { broken, COUNTED, configured } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(fdPassing, 'service-answers-503', 'one of the new proxies answers 503, until the next reload', {
  before: [COUNTED, configured('http-request deny deny_status 503'), '[ $n -eq 3 ] || cp /tmp/healthy.cfg $CFG'],
})

export const caught: Caught = { verdict: ['contradicts'], by: /undeclared price: .*\d+ lost otherwise/ }
export const quick = true
