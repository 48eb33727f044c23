import synBlock from '../../../../cases/syn-block.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  synBlock,
  'packets-rule-lets-pass',
  'the rule of SYN block matches and counts SYNs but lets them pass',
  {
    setup: ['iptables -N RELOAD', 'iptables -A RELOAD -j ACCEPT'],
    proof: {
      shows: 'SYNs that its rule met',
      read: ["iptables -nvxL RELOAD | awk '/ACCEPT/ { print $1 }'"],
      at: 'end',
    },
  },
)

export const caught: Caught = { verdict: ['contradicts'], by: /\d+ resets? in .*theory expects none/ }
export const quick = true
