import type { CaseFile, Expectation } from './case.ts'

/** What a reload loses on a kernel without SO_REUSEPORT, whatever else is done. */
export const NO_SECOND_LISTENER: Expectation = {
  lacks: ['reuseport'],
  resets: 'some',
  refused: 'some',
  because:
    'the new listener can be bound only once the old one is closed, which resets its accept queue ' +
    '(inet_csk_listen_stop); in between nobody listens and SYNs are answered with RST (tcp_v4_send_reset)',
}

/** The same with HAProxy. */
export const BLACK_HOLE: Expectation = {
  lacks: ['reuseport'],
  resets: 'some',
  refused: 'some',
  because:
    'bind() fails, SIGTTOU makes the old process stop listening, the new one binds again 10 ms later: in between ' +
    'nobody listens and SYNs are answered with RST, and the accept queue was reset with the old listener',
}

/** Connections that are kept are those of a process, not of a listener: no way of passing listeners on spares them. */
export const KEPT: Expectation = {
  exchange: 'keep-alive',
  proxy: { from: '2.4' },
  resets: 'some',
  price: { short: true },
  because:
    'from 2.4 on the old process closes the connections that pause (HAProxy commit d3a88c1c3, issue 1506); a request that ' +
    'crosses the close is answered with RST (tcp_close, tcp_rcv_state_process, tcp_timewait_state_process), or read and ' +
    'thrown away',
}

/** Where nobody listens in between, too. */
const KEPT_BLACK_HOLE: Expectation = {
  ...BLACK_HOLE,
  exchange: 'keep-alive',
  proxy: KEPT.proxy,
  price: KEPT.price,
  because: `${BLACK_HOLE.because}; and ${KEPT.because}`,
}

/** Kept connections with nginx. */
export const KEPT_NGINX: Expectation = {
  exchange: 'keep-alive',
  resets: 'some',
  price: { short: true },
  because:
    'a worker that is told to quit closes the connections that pause (ngx_close_idle_connections); a request that ' +
    'crosses the close is answered with RST (tcp_close, tcp_rcv_state_process, tcp_timewait_state_process)',
}

/** The listeners of nginx close when it is stopped, and not when it is reloaded. Debian's unit stops it by QUIT, too. */
export const RESTART_NGINX =
  'kill -QUIT $(cat $PIDFILE); while [ -e $PIDFILE ]; do sleep 0.005; done; /sbin/nginx -c $CFG'

/** What nobody who stops and starts a proxy is spared. */
export const RESTARTED: Expectation = {
  resets: 'some',
  refused: 'some',
  because:
    'the master and its workers close the only listener, which resets its accept queue (inet_csk_listen_stop); until ' +
    'nginx listens again SYNs are answered with RST (tcp_v4_send_reset)',
}

const CLOSED: Expectation = {
  resets: 'some',
  because:
    'close() of a listener resets every connection in its accept queue (inet_csk_listen_stop), and one in ' +
    'SYN_RECV is reset when its ACK or its data finds another listener (tcp_v4_send_reset)',
}

export default {
  name: 'none',
  title: 'No mitigation',
  idea: 'Reload the proxy in its plain way, and lose what waits in the old listener when it closes.',
  source: 'the lab: its positive control',
  control: 'positive',
  expects: [NO_SECOND_LISTENER, CLOSED],
  drawbacks: ['loses connections at every reload under load'],
  on: {
    haproxy: {
      idea: 'Reload as the article does, and lose what waits in the old listener when it closes.',
      source: 'article, section 5: while usleep 100000; do haproxy -D -f redir.cfg -sf $(pidof haproxy); done',
      expects: [KEPT_BLACK_HOLE, BLACK_HOLE, KEPT, CLOSED],
    },
    nginx: {
      title: 'Stop and start',
      idea: 'Stop nginx and start it again, and lose what waits in its listener, and all who come meanwhile.',
      source: 'systemctl restart nginx',
      reload: RESTART_NGINX,
      expects: [RESTARTED],
      drawbacks: ['loses connections at every restart under load, and refuses those that come while nobody listens'],
    },
  },
} satisfies CaseFile
