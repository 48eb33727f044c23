import synBlock from '../../../cases/syn-block.ts'
import { broken } from '../broken.ts'
import type { Caught } from '../plant.ts'

export default broken(
  synBlock,
  'outage-after-the-last-reload',
  'a rule goes in for good when the last reload is over',
  {
    setup: undefined,
    before: undefined,
    after: undefined,
    on: { haproxy: { reload: 'haproxy -D -f $CFG -p $PIDFILE -x $SOCK -sf $OLD' } },
    proof: {
      shows: 'nothing',
      read: ['iptables -I INPUT -i lo -p tcp --dport $PORT --syn -j DROP', 'echo 1'],
      at: 'end',
    },
  },
)

export const caught: Caught = { verdict: ['contradicts'], by: /the service answered 0 of 32 connections/ }
