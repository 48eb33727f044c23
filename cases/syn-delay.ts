import type { CaseFile, Expectation } from './case.ts'
import { KEPT, KEPT_NGINX, RESTART_NGINX } from './none.ts'

/** Below 4.4 with any device: what listens is locked while it accepts and while it answers a SYN. */
export const BACKLOG: Expectation = {
  resets: 'fewer',
  because:
    'a drained listener has nothing to reset; but the SYNs that are let go come at once, and what comes while the ' +
    'listener is locked waits in its backlog or, where that is full, is dropped (sk_add_backlog, TcpExtTCPBacklogDrop): ' +
    'the data of a connection whose last ACK was dropped comes again after 200 ms, and is reset if it meets a reload then',
}

const BY_KERNEL: Expectation[] = [
  {
    linux: { from: '4.4' },
    resets: 'fewer',
    because:
      'a drained listener has nothing to reset; but behind a qdisc both CPUs take packets of one connection, and one ' +
      'that comes while inet_ehash_insert has taken the request socket out and not yet put its child in finds the ' +
      'listener, which answers with RST: rare, and without any reload, too',
  },
  BACKLOG,
]

export default {
  name: 'syn-delay',
  title: 'SYN delay',
  idea: 'Hold SYNs in a plug qdisc while the proxy reloads, and let them go at once afterwards.',
  source: 'article, section 3, "Delaying SYNs" (Joe Lynch, Yelp, 2015)',
  needs: { features: ['iptables-mangle', 'plug-qdisc'] },
  // A new plug begins blocked. Only marked packets go to the fourth band. A band's own pfifo holds as many packets as the
  // queue of the device, which is one on the lo of 4.9 and before, and drops the others.
  setup: [
    'tc qdisc add dev lo root handle 1: prio bands 4 priomap 1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 1',
    'tc qdisc add dev lo parent 1:1 handle 10: pfifo limit 1000',
    'tc qdisc add dev lo parent 1:2 handle 20: pfifo limit 1000',
    'tc qdisc add dev lo parent 1:3 handle 30: pfifo limit 1000',
    'tc qdisc add dev lo parent 1:4 handle 40: plug limit 33554432',
    'tc qdisc change dev lo parent 1:4 handle 40: plug release_indefinite',
    'tc filter add dev lo parent 1: protocol ip prio 1 handle 1 fw classid 1:4',
    'iptables -t mangle -I OUTPUT -p tcp --dport $PORT --syn -j MARK --set-mark 1',
  ],
  before: ['tc qdisc change dev lo parent 1:4 handle 40: plug block', 'sleep 0.02', 'drained $PORT'],
  after: ['closed $OLD $PORT', 'tc qdisc change dev lo parent 1:4 handle 40: plug release_indefinite'],
  proof: { shows: 'SYNs that its plug held', read: ['held lo 1:4'], at: 'reload' },
  price: { slow: true, throughput: 0.75 },
  expects: BY_KERNEL,
  drawbacks: [
    'every connection begun during a reload waits for its end',
    'an egress qdisc sees local clients only; remote ones need an ifb',
    'its qdisc reorders packets, and from Linux 4.4 resets a connection now and then by itself',
    'needs root, knows the ports, and stays in place between reloads',
  ],
  on: {
    haproxy: { expects: [KEPT, ...BY_KERNEL] },
    nginx: { reload: RESTART_NGINX, expects: [KEPT_NGINX, ...BY_KERNEL] },
  },
} satisfies CaseFile
