import deferAccept from '../../../../cases/variants/sockets/defer-accept.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(deferAccept, 'listener-defer-accept-off', 'the listener does not defer what it accepts', {
  on: { haproxy: {} },
})

export const caught: Caught = {
  verdict: ['inconclusive'],
  by: /the case did not act: 0 bare ACKs that the kernel dropped/,
}
