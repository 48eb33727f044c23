import type { CaseFile, Expectation } from './case.ts'
import { KEPT, KEPT_NGINX, RESTART_NGINX } from './none.ts'

const DRAINED: Expectation = {
  resets: 'none',
  because: 'a drained listener has nothing to reset: SYNs come again after the reload (tcp_retransmit_timer)',
}

export default {
  name: 'syn-block',
  title: 'SYN block',
  idea: 'Drop SYNs while the proxy reloads, so that nothing is half open when the old listener closes.',
  source: 'article, section 3, "Blocking SYNs" (2010); used by OpenShift',
  needs: { features: ['iptables'] },
  // A chain of its own keeps count over all reloads.
  setup: ['iptables -N RELOAD', 'iptables -A RELOAD -j DROP'],
  // What is in flight when the rule goes in needs time to be accepted; the rule stays until the old listener closed.
  before: ['iptables -I INPUT -i lo -p tcp --dport $PORT --syn -j RELOAD', 'sleep 0.02', 'drained $PORT'],
  after: ['closed $OLD $PORT', 'iptables -D INPUT -i lo -p tcp --dport $PORT --syn -j RELOAD'],
  proof: {
    shows: 'SYNs that its rule dropped',
    read: ["iptables -nvxL RELOAD | awk '/DROP/ { print $1 }'"],
    at: 'end',
  },
  price: { slow: true, timeouts: true, throughput: 0.995 },
  expects: [DRAINED],
  drawbacks: [
    'a client whose SYN is dropped waits 1 s (3 s before Linux 3.1), then twice as long, and so on: a timer sends it again',
    'needs root, and knows the ports',
  ],
  on: { haproxy: { expects: [KEPT, DRAINED] }, nginx: { reload: RESTART_NGINX, expects: [KEPT_NGINX, DRAINED] } },
} satisfies CaseFile
