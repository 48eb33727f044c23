import type { CaseFile } from '../../case.ts'
import migration from '../../tcp-migrate-req.ts'
import fusedAck, { FUSED } from '../clients/fused-ack.ts'

export default {
  ...migration,
  name: 'fused-ack-migration',
  title: 'Migration, fused ACK',
  idea: 'As migration, with clients whose last ACK of the handshake carries the request: does the kernel move those, too?',
  source: 'article, section 5: inject -F; net.ipv4.tcp_migrate_req, Linux 5.14',
  client: fusedAck.client,
  needs: { features: [...fusedAck.needs.features, ...migration.needs.features] },
  setup: [...fusedAck.setup, ...migration.setup],
  proof: { ...migration.proof, read: [FUSED, ...migration.proof.read] },
  on: { haproxy: {} },
} satisfies CaseFile
