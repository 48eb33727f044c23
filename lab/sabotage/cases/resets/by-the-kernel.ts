import noReload from '../../../../cases/no-reload.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  noReload,
  'resets-by-the-kernel',
  'the kernel answers one request in thousands with a RST that no socket sends',
  {
    setup: [
      'iptables -I INPUT -p tcp --dport $PORT --tcp-flags PSH PSH -m statistic --mode nth --every 3000 --packet 0 -j REJECT --reject-with tcp-reset',
    ],
  },
)

export const caught: Caught = { verdict: ['inconclusive', 'contradicts'], by: /the counts disagree|without any reload/ }
