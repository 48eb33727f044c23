import restart from '../../../../cases/variants/sockets/restart.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  restart,
  'sockets-restart-ends-nothing',
  'the old process may finish its connections: -sf for -st',
  { on: { haproxy: { reload: 'haproxy -D -f $CFG -p $PIDFILE -sf $OLD' } } },
)

export const caught: Caught = {
  verdict: ['inconclusive'],
  by: /the case did not act: 0 connections that a process closed/,
}
