import twoStep from '../../../../cases/two-step.ts'
import backlogZero from '../../../../cases/variants/sockets/backlog-zero.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(backlogZero, 'listener-backlog-large', 'the old listener gets a large backlog, not 0', {
  on: { haproxy: { reload: `${twoStep.on.haproxy.reload} && tamper /run/old.sock $PORT backlog 1000` } },
})

export const caught: Caught = { verdict: ['inconclusive'], by: /the case did not act: 0 SYNs/ }
