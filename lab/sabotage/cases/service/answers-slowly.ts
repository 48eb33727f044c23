import fdPassing from '../../../../cases/fd-passing.ts'
import { broken, configured } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(fdPassing, 'service-answers-slowly', 'the new proxies answer 300 ms late', {
  before: [configured('timeout tarpit 300ms\\n\\thttp-request tarpit deny_status 200')],
})

// Yellow on a noisy machine, which may be what slows the connections.
export const caught: Caught = { verdict: ['contradicts', 'inconclusive'], by: /\d+ of \d+ connections were slow/ }
