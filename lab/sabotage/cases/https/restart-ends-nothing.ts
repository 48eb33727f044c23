import restart from '../../../../cases/variants/https/ab-restart.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  restart,
  'https-restart-ends-nothing',
  'the old process may finish its connections: -sf for -st',
  {
    on: { haproxy: { ...restart.on.haproxy, reload: 'haproxy -D -f $CFG -p $PIDFILE -sf $OLD' } },
  },
)

export const caught: Caught = { verdict: ['inconclusive', 'contradicts'], by: /no significant difference|fewer/ }
export const args = ['--users', '10', '--duration', '4']
