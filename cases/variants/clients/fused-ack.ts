import type { CaseFile } from '../../case.ts'
import { BLACK_HOLE } from '../../none.ts'

const COUNT = 'iptables -A INPUT -i lo -p tcp --dport $PORT'

const fusedAck = {
  name: 'fused-ack',
  title: 'Clients that fuse ACK and request',
  idea: 'Clients send no bare ACK: their request completes the handshake, so that a connection is ready to be served at once.',
  source: 'article, section 5: inject -F, "which got rid of the problem"',
  client: { fusedAck: true },
  needs: { features: ['iptables'] },
  // Rules without a target count, and do nothing else.
  setup: [`${COUNT} --syn`, `${COUNT} --tcp-flags SYN,PSH,ACK,FIN,RST ACK`],
  proof: {
    shows: 'connections without a bare ACK, at least: SYNs that came, less bare ACKs',
    read: [
      "iptables -nvxL INPUT | awk '/0x17.0x02/ { n += $1 } /0x1F.0x10/ { n -= $1 } END { print (n > 0 ? n : 0) }'",
    ],
    at: 'end',
  },
  expects: [
    BLACK_HOLE,
    {
      resets: 'some',
      because:
        'connections wait in SYN_RECV until their request comes, and it is reset when it meets another listener ' +
        "(tcp_v4_send_reset); the article's tool saw none because it counts ECONNRESET on recv() as a hit",
    },
  ],
  drawbacks: ['does not stop resets: they come behind the request, where the client cannot safely try again'],
  on: { haproxy: {} },
} satisfies CaseFile

/** Says so, and ends, where the clients have sent a bare ACK for each SYN. */
export const FUSED = `[ $(${fusedAck.proof.read[0]}) -gt 0 ] || { echo its clients fused no ACK; exit; }`

export default fusedAck
