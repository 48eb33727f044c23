import synBlock from '../../../../cases/syn-block.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(synBlock, 'packets-rule-on-wrong-port', 'SYN block guards a port on which nobody listens', {
  before: ['iptables -I INPUT -i lo -p tcp --dport 8081 --syn -j RELOAD', 'sleep 0.02'],
  after: ['closed $OLD $PORT', 'iptables -D INPUT -i lo -p tcp --dport 8081 --syn -j RELOAD'],
})

export const caught: Caught = { verdict: ['inconclusive'], by: /the case did not act: 0 SYNs/ }
export const quick = true
