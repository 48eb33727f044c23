import type { CaseFile, Expectation } from './case.ts'
import { KEPT, KEPT_NGINX, RESTART_NGINX } from './none.ts'

export const HELD: Expectation = {
  resets: 'none',
  because: 'a drained listener has nothing to reset, and the SYNs that were held meet the new one',
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
  HELD,
]

export default {
  name: 'syn-delay',
  title: 'SYN delay',
  idea: 'Hold SYNs in a plug qdisc while the proxy reloads, and let them go at once afterwards.',
  source: 'article, section 3, "Delaying SYNs" (Joe Lynch, Yelp, 2015)',
  needs: { features: ['iptables-mangle', 'plug-qdisc'] },
  // A new plug begins blocked. Bands 1:1 to 1:3 keep prio's own pfifo; only marked packets go to the fourth.
  setup: [
    'tc qdisc add dev lo root handle 1: prio bands 4 priomap 1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 1',
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
