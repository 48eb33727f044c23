import type { CaseFile } from '../../case.ts'
import { BLACK_HOLE } from '../../none.ts'

export default {
  name: 'defer-accept',
  title: 'TCP_DEFER_ACCEPT',
  idea: "The kernel drops the handshake's bare ACK, and builds a connection from its first data, ready to be served.",
  source: 'article, section 5: "But defer-accept still experienced the problem"; defer-accept of bind',
  // Before, the kernel does not count what it drops.
  needs: { linux: { from: '2.6.34' } },
  proof: {
    shows: 'bare ACKs that the kernel dropped (TcpExtTCPDeferAcceptDrop)',
    read: ['counter TcpExtTCPDeferAcceptDrop'],
    at: 'end',
  },
  expects: [
    BLACK_HOLE,
    {
      resets: 'some',
      because:
        'connections wait in SYN_RECV until their data comes (tcp_check_req), and that data is reset when it meets ' +
        'another listener (tcp_v4_send_reset); those with data wait in the accept queue as ever',
    },
  ],
  drawbacks: [
    'does not stop resets: it moves them behind the request, where the client cannot safely try again',
    'a protocol in which the server speaks first waits for the SYN-ACK to be sent again',
  ],
  on: { haproxy: { config: { bind: ['defer-accept'] } } },
} satisfies CaseFile
