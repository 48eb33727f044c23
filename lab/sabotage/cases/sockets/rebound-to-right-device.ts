import twoStep from '../../../../cases/two-step.ts'
import rebind from '../../../../cases/variants/sockets/rebind-wrong-device.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  rebind,
  'sockets-rebound-to-right-device',
  'the old listener is bound to the interface on which its clients come',
  { on: { haproxy: { reload: `${twoStep.on.haproxy.reload} && tamper /run/old.sock $PORT device lo` } } },
)

export const caught: Caught = { verdict: ['inconclusive'], by: /the case did not act in \d+ of \d+ reloads/ }
export const quick = true
