import type { CaseFile, Expectation } from '../../case.ts'
import { KEPT, KEPT_NGINX } from '../../none.ts'
import synDelay, { BACKLOG } from '../../syn-delay.ts'

const BY_KERNEL: Expectation[] = [
  {
    linux: { from: '4.4' },
    resets: 'fewer',
    because:
      'a drained listener has nothing to reset; but a SYN that was held is answered on the CPU that releases it, which ' +
      'then takes the ACK while the CPU of the client may take the request, and one that comes while inet_ehash_insert ' +
      'has taken the request socket out and not yet put its child in finds the listener, which answers with RST',
  },
  BACKLOG,
]

export default {
  ...synDelay,
  name: 'syn-delay-ifb',
  title: 'SYN delay for remote clients',
  idea: 'Hold SYNs that come in from the network while the proxy reloads: an ifb gives incoming packets a plug qdisc.',
  source: 'syn-delay, whose egress qdisc sees local clients only',
  network: 'veth',
  against: 'none-veth',
  needs: { features: ['ifb'] },
  // No firewall has marked a packet that early, so u32 looks at its flags: SYN without ACK, in byte 33 behind an IP header
  // of 20. A new plug begins blocked.
  setup: [
    'ip link add plug0 type ifb',
    'ip link set plug0 up',
    'tc qdisc add dev plug0 root handle 40: plug limit 33554432',
    'tc qdisc change dev plug0 root handle 40: plug release_indefinite',
    'tc qdisc add dev veth0 handle ffff: ingress',
    'tc filter add dev veth0 parent ffff: protocol ip prio 1 u32 match ip protocol 6 0xff match ip dport $PORT 0xffff ' +
      'match u8 0x02 0x12 at 33 action mirred egress redirect dev plug0',
  ],
  before: ['tc qdisc change dev plug0 root handle 40: plug block', 'sleep 0.02', 'drained $PORT'],
  after: ['closed $OLD $PORT', 'tc qdisc change dev plug0 root handle 40: plug release_indefinite'],
  // The parent of a root qdisc is ffff:ffff.
  proof: { shows: 'SYNs that its plug held', read: ['held plug0 ffff:ffff'], at: 'reload' },
  expects: BY_KERNEL,
  drawbacks: [
    'every connection begun during a reload waits for its end',
    'needs root, knows the ports, and stays in place between reloads',
  ],
  on: {
    haproxy: { expects: [KEPT, ...BY_KERNEL] },
    nginx: { ...synDelay.on.nginx, expects: [KEPT_NGINX, ...BY_KERNEL] },
  },
} satisfies CaseFile
