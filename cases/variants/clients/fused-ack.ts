import type { CaseFile } from '../../case.ts'
import { BLACK_HOLE } from '../../none.ts'

const COUNT = 'iptables -A INPUT -i lo -p tcp --dport $PORT'
const packets = (rule: string) => `iptables -nvxL INPUT | awk '/${rule}/ { print $1 }'`

export default {
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
    read: [`echo $(($(${packets('0x17\\/0x02')}) - $(${packets('0x1F\\/0x10')})))`],
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
