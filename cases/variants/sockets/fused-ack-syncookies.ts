import type { CaseFile } from '../../case.ts'
import fusedAck, { FUSED } from '../clients/fused-ack.ts'
import syncookiesAlways from './syncookies-always.ts'

export default {
  ...syncookiesAlways,
  name: 'fused-ack-syncookies',
  title: 'SYN cookies for all, fused ACK',
  idea: 'As syncookies-always, with clients whose last ACK of the handshake carries the request: any listener takes it.',
  source: 'the lab; article, section 5: inject -F',
  client: fusedAck.client,
  needs: { features: [...fusedAck.needs.features, ...syncookiesAlways.needs.features] },
  setup: [...fusedAck.setup, ...syncookiesAlways.setup],
  proof: { ...syncookiesAlways.proof, read: [FUSED, ...syncookiesAlways.proof.read] },
} satisfies CaseFile
