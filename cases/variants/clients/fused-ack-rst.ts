import type { CaseFile } from '../../case.ts'
import { BLACK_HOLE } from '../../none.ts'

export default {
  name: 'fused-ack-rst',
  title: 'The request carries the ACK, and the client closes with a RST',
  idea: "Let each client's request carry the ACK of the handshake, and its RST take the place of a FIN.",
  source: "article, section 5: inject's options -F and -c",
  client: { fusedAck: true, closeWithRst: true },
  needs: { features: ['iptables'] },
  // It has no target: it only counts.
  setup: ['iptables -A INPUT -i lo -p tcp --dport $PORT --tcp-flags RST RST'],
  proof: {
    shows: 'RSTs with which clients closed',
    read: ["iptables -nvxL INPUT | awk '/dpt:/ { print $1 }'"],
    at: 'end',
  },
  expects: [
    BLACK_HOLE,
    {
      resets: 'some',
      because:
        'connections wait in SYN_RECV until their data comes, and that data is reset when it meets another listener; ' +
        "the article's tool saw none because it counts ECONNRESET on recv() as a hit",
    },
  ],
  drawbacks: ['it is the client that must change', 'what a client that resets has not read is lost'],
  on: { haproxy: {} },
} satisfies CaseFile
