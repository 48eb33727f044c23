import ackBlockDuring from '../../../../cases/variants/packets/ack-block-during.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  ackBlockDuring,
  'packets-ack-rule-goes-out-at-once',
  'ACK block during the reload takes its rule out again before the reload begins',
  {
    before: ackBlockDuring.after.slice(1).flatMap((out) => [...ackBlockDuring.before, out]),
    after: ['closed $OLD $PORT'],
  },
)

export const caught: Caught = { verdict: ['inconclusive'], by: /the case did not act: 0 bare ACKs/ }
