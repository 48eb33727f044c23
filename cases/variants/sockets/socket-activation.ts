import type { CaseFile } from '../../case.ts'
import socketServer from './socket-server.ts'

/** As systemd starts a service that has a socket unit: the socket is descriptor 3. */
const START = "binder run /run/binder.sock LISTENER sh -c 'exec haproxy -D -f $CFG -p $PIDFILE 3<&$LISTENER'"

export default {
  ...socketServer,
  name: 'socket-activation',
  title: 'Stop and start with socket activation',
  idea: 'The service manager holds the socket: the proxy is stopped and started, and connections wait in the queue meanwhile.',
  source: 'systemd.socket(5), sd_listen_fds(3); bind fd@3, HAProxy 1.5',
  setup: ['binder serve /run/binder.sock $PORT', 'sed -i "s/bind 127.0.0.1:$PORT/bind fd@3/" $CFG'],
  price: { slow: true },
  expects: [
    {
      resets: 'none',
      because:
        'the manager holds the socket: what comes between stop and start is established, and waits to be accepted',
    },
  ],
  drawbacks: [
    'nobody accepts from the stop to the start: clients wait as long as the last connections and the start take',
    'a queue that is full then drops SYNs, which clients send again after 1 s: see net.core.somaxconn',
    'systemctl stop sends SIGTERM, which cuts connections: it needs KillSignal=SIGUSR1, and a limit (hard-stop-after)',
  ],
  on: {
    haproxy: {
      needs: { from: '1.5' },
      start: START,
      reload: `kill -USR1 $OLD; while kill -0 $OLD 2>/dev/null; do sleep 0.005; done; ${START}`,
    },
  },
} satisfies CaseFile
