import type { CaseFile } from '../../case.ts'
import twoStep from '../../two-step.ts'

export default {
  name: 'ebpf-reject',
  title: 'A filter on the old listener',
  idea: 'A filter of BPF on the old listener drops SYNs, while the new one takes those that are hashed to it; the old one drains, then goes.',
  source: 'article, section 3: "all we were basically able to do was to accept or reject traffic"; SO_ATTACH_FILTER',
  // TCPSynRetrans came with 3.15.
  needs: { linux: { from: '3.15' }, features: ['reuseport'] },
  // The new process takes the path of the stats socket; under this name the old one still answers.
  before: ['ln -f $SOCK /run/old.sock'],
  // As with SYN block: what is in flight when the filter goes in needs time to be accepted.
  after: ['sleep 0.02', 'drained $OLD $PORT', 'kill -USR1 $OLD', 'closed $OLD $PORT'],
  proof: {
    shows: 'SYNs and SYN+ACKs that were sent again (TcpExtTCPSynRetrans)',
    read: ['counter TcpExtTCPSynRetrans'],
    at: 'end',
  },
  price: { slow: true, timeouts: true, throughput: 0.995 },
  expects: [
    {
      linux: { from: '4.4' },
      resets: 'none',
      because:
        'tcp_v4_rcv drops what the filter of the listener rejects (tcp_filter), so the old one is drained before it ' +
        'closes; the SYNs come again after 1 s (tcp_retransmit_timer), and meet the new one',
    },
    {
      resets: 'some',
      because:
        'the bind resets: each packet is hashed over the listeners anew, so the ACK of a half-open connection may meet ' +
        'the one that does not know it (__inet_lookup_listener)',
    },
  ],
  drawbacks: [
    'half of the clients that come while the old process drains wait 1 s, then twice as long, and so on: the hash sends them to the old listener (reuseport_select_sock), which can only drop',
    'who comes again while the next reload drains may be dropped again',
    'a filter cannot be told which listener should take what it drops',
  ],
  on: {
    haproxy: { needs: { from: '1.8' }, reload: `${twoStep.on.haproxy.reload} && tamper /run/old.sock $PORT reject` },
  },
} satisfies CaseFile
