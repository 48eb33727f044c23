import ackBlock from '../../../../cases/ack-block.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  ackBlock,
  'packets-rule-without-timestamps',
  'ACK block where segments have no timestamps: its rule matches on length 52',
  {
    setup: ['sysctl -w net.ipv4.tcp_timestamps=0', ...ackBlock.setup],
  },
)

export const caught: Caught = { verdict: ['inconclusive'], by: /the case did not act: 0 bare ACKs/ }
export const quick = true
