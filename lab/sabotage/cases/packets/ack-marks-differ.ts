import ackDelay from '../../../../cases/variants/packets/ack-delay.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  ackDelay,
  'packets-ack-marks-differ',
  'ACK delay marks ACKs with another number than its filter looks for',
  { setup: ackDelay.setup.map((command) => command.replace('--set-mark 1', '--set-mark 2')) },
)

export const caught: Caught = { verdict: ['inconclusive'], by: /the case did not act: 0 bare ACKs/ }
export const kernel = '6.1'
