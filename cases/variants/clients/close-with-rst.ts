import type { CaseFile } from '../../case.ts'
import fusedAck from './fused-ack.ts'

export default {
  ...fusedAck,
  name: 'close-with-rst',
  title: 'Clients that fuse ACK and request, and close with a RST',
  idea: 'As with fused ACKs; and clients close with a RST (SO_LINGER 0) what was answered, which saves a packet.',
  source: 'article, section 5: inject -F -c, "no single error"',
  client: { fusedAck: true, closeWithRst: true },
  needs: {},
  setup: undefined,
  proof: {
    shows: 'connections that a client closed with a RST (TcpExtTCPAbortOnData)',
    read: ['counter TcpExtTCPAbortOnData'],
    at: 'end',
  },
} satisfies CaseFile
