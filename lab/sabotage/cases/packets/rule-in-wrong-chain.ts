import synBlock from '../../../../cases/syn-block.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  synBlock,
  'packets-rule-in-wrong-chain',
  'SYN block puts its rule into a chain that no packet for this host meets',
  {
    before: ['iptables -I FORWARD -i lo -p tcp --dport $PORT --syn -j RELOAD', 'sleep 0.02'],
    after: ['closed $OLD $PORT', 'iptables -D FORWARD -i lo -p tcp --dport $PORT --syn -j RELOAD'],
  },
)

export const caught: Caught = { verdict: ['inconclusive'], by: /the case did not act: 0 SYNs/ }
