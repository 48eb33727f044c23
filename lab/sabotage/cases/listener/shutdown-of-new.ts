import twoStep from '../../../../cases/two-step.ts'
import shutdownBeforeClose from '../../../../cases/variants/sockets/shutdown-before-close.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(shutdownBeforeClose, 'listener-shutdown-of-new', 'the listener of the new process is shut down', {
  on: { haproxy: { reload: `${twoStep.on.haproxy.reload} && tamper $SOCK $PORT shutdown` } },
})

export const caught: Caught = { verdict: ['failed'], by: /reload 0: the new proxy \(process \d+\) does not listen/ }
