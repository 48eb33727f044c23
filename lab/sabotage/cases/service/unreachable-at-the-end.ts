import synBlock from '../../../../cases/syn-block.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  synBlock,
  'service-unreachable-at-the-end',
  'after the last reload a rule drops all SYNs for good',
  {
    setup: undefined,
    before: undefined,
    after: undefined,
    reload: 'haproxy -D -f $CFG -p $PIDFILE -x $SOCK -sf $OLD',
    proof: {
      shows: 'nothing',
      read: ['iptables -I INPUT -i lo -p tcp --dport $PORT --syn -j DROP', 'echo 1'],
      at: 'end',
    },
  },
)

export const caught: Caught = { verdict: ['contradicts'], by: /the service answered 0 of 32 connections/ }
