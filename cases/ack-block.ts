import type { CaseFile, Expectation } from './case.ts'
import { BLACK_HOLE, KEPT, NO_SECOND_LISTENER, RESTART_NGINX, RESTARTED } from './none.ts'

const MOVED: Expectation = {
  resets: 'some',
  because:
    'connections wait in SYN_RECV until their data comes, and that data is reset when it meets another listener; ' +
    "the article's tool saw none because it counts ECONNRESET on recv() as a hit",
}

const HANGS: Expectation = {
  exchange: 'banner',
  resets: 'none',
  price: { timeouts: true, throughput: 1 },
  because:
    'without its ACK no connection leaves SYN_RECV before the client sends, and the client waits to be greeted; a close ' +
    'of the listener drops it in silence (reqsk_timer_handler), and nobody has sent anything that would draw a RST',
}

export default {
  name: 'ack-block',
  title: 'ACK block',
  idea: "Drop the handshake's bare ACK, so that a connection is built from its first data, ready to be served.",
  source: 'article, section 5: the iptables rule that "got rid of the problem"',
  needs: { features: ['length-match'] },
  // 52 bytes: IP and TCP headers with timestamps, no data.
  setup: [
    'iptables -I INPUT -i lo -p tcp --dport $PORT --tcp-flags SYN,PSH,ACK,FIN,RST ACK -m length --length 52 -j DROP',
  ],
  proof: {
    shows: 'bare ACKs that its rule dropped',
    read: ["iptables -nvxL INPUT | awk '/length 52/ { print $1 }'"],
    at: 'end',
  },
  expects: [HANGS, NO_SECOND_LISTENER, MOVED],
  drawbacks: [
    'does not stop resets: it moves them behind the request, where the client cannot safely try again',
    'a protocol in which the server speaks first hangs',
  ],
  on: {
    haproxy: { expects: [HANGS, BLACK_HOLE, KEPT, MOVED] },
    nginx: { reload: RESTART_NGINX, expects: [RESTARTED] },
  },
} satisfies CaseFile
