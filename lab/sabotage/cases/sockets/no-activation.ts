import socketActivation from '../../../../cases/variants/sockets/socket-activation.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  socketActivation,
  'sockets-no-activation',
  'the proxy binds its socket itself, stopped and started or not',
  {
    setup: undefined,
    on: {
      haproxy: {
        reload: 'kill -USR1 $OLD; while kill -0 $OLD 2>/dev/null; do sleep 0.005; done; haproxy -D -f $CFG -p $PIDFILE',
      },
    },
  },
)

export const caught: Caught = { verdict: ['failed'], by: /reload 0: the new proxy has a listener of its own/ }
