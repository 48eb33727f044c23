import synBlock from '../../../../cases/syn-block.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  synBlock,
  'packets-rule-in-wrong-table',
  'SYN block puts its rule into the table nat, which refuses to drop',
  {
    setup: ['iptables -t nat -N RELOAD', 'iptables -t nat -A RELOAD -j DROP'],
  },
)

export const caught: Caught = { verdict: ['failed'], by: /setup commands of the case ended with status/ }
