import type { CaseFile, Expectation } from '../../case.ts'
import { KEPT, KEPT_NGINX, RESTARTED } from '../../none.ts'
import synDelay from '../../syn-delay.ts'
import { BARE_ACK } from './ack-block-u32.ts'

const OVERTAKEN: Expectation = {
  resets: 'some',
  because:
    'a request overtakes the ACK that is held, so that the connection is built from its data, as where ACKs are dropped; ' +
    'one that waits in SYN_RECV until its data comes is reset when that meets another listener',
}

export default {
  ...synDelay,
  name: 'ack-delay',
  title: 'ACK delay',
  idea: "Hold the handshake's bare ACK in a plug qdisc while the proxy reloads, instead of dropping it.",
  source: 'article, section 6: "we would delay empty ACKs instead of SYNs"; nobody is known to have built it',
  needs: { features: ['iptables-mangle', 'u32-match', 'plug-qdisc'] },
  setup: [...synDelay.setup.slice(0, -1), `iptables -t mangle -I OUTPUT ${BARE_ACK} -j MARK --set-mark 1`],
  before: ['tc qdisc change dev lo parent 1:4 handle 40: plug block'],
  proof: { shows: 'bare ACKs that its plug held', read: ['held lo 1:4'], at: 'reload' },
  expects: [OVERTAKEN],
  drawbacks: [
    'does not stop resets: it moves them behind the request, where the client cannot safely try again',
    'where the server speaks first, nothing is said until the reload is over, and then the ACK meets a closed listener',
    'its qdisc reorders packets, and from Linux 4.4 resets a connection now and then by itself',
    'needs root, knows the ports, and stays in place between reloads',
  ],
  on: {
    haproxy: { expects: [KEPT, OVERTAKEN] },
    nginx: { ...synDelay.on.nginx, expects: [KEPT_NGINX, RESTARTED] },
  },
} satisfies CaseFile
