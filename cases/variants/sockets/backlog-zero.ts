import type { CaseFile } from '../../case.ts'
import twoStep from '../../two-step.ts'

export default {
  name: 'backlog-zero',
  title: 'The old listener with a backlog of 0',
  idea: 'Call listen() on the old listener once more, with a backlog of 0, so that it takes no more; it drains, then goes.',
  source: 'article, section 3, "Changing socket\'s score": "setting the socket backlog to zero"',
  needs: { features: ['reuseport'] },
  // The new process takes the path of the stats socket; under this name the old one still answers.
  before: ['ln -f $SOCK /run/old.sock'],
  // The data of a connection whose last ACK was dropped comes again after 200 ms, and is reset then, by this reload.
  after: ['sleep 0.02', 'drained $OLD $PORT', 'kill -USR1 $OLD', 'closed $OLD $PORT', 'sleep 0.3'],
  proof: {
    shows: 'SYNs and last ACKs that were dropped because an accept queue was full (TcpExtListenOverflows)',
    read: ['counter TcpExtListenOverflows'],
    at: 'end',
  },
  price: { slow: true, timeouts: true, throughput: 0.995 },
  expects: [
    {
      linux: { from: '4.19' },
      resets: 'fewer',
      because:
        'a backlog of 0 is not none: sk_acceptq_is_full lets one connection in whenever none waits, and it may wait when ' +
        'the listener closes; while one waits SYNs are dropped (tcp_conn_request); a cookie of the old listener counts ' +
        'for the group (tcp_synq_no_recent_overflow)',
    },
    {
      linux: { from: '4.4' },
      resets: 'some',
      because:
        'a queue of 0 with room for 0 is full (inet_csk_reqsk_queue_is_full), so SYNs are answered with cookies; while one ' +
        'connection waits the last ACK is dropped (tcp_v4_syn_recv_sock), and its data comes again after the close, to a ' +
        'listener that has sent no cookie and so resets it (tcp_synq_no_recent_overflow): all is lost in SYN_RECV, and ' +
        'nothing in the variant backlog-zero-no-cookies',
    },
    {
      resets: 'some',
      because:
        'the queue of SYN_RECVs keeps the size that it had at the first listen() (reqsk_queue_is_full), and the bind ' +
        'resets: each packet is hashed over the listeners anew (__inet_lookup_listener)',
    },
  ],
  drawbacks: [
    'the old listener still gets half of the SYNs; clients whose SYN is dropped wait 1 s, then twice as long, and so on',
    'a connection whose last ACK is dropped is established for its client alone',
    'loses connections',
  ],
  on: {
    haproxy: { needs: { from: '1.8' }, reload: `${twoStep.on.haproxy.reload} && tamper /run/old.sock $PORT backlog 0` },
  },
} satisfies CaseFile
