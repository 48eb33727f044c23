import ackBlock from '../../ack-block.ts'
import type { CaseFile } from '../../case.ts'
import migration from '../../tcp-migrate-req.ts'
import { DROPPED } from '../sockets/ack-block-syncookies.ts'

export default {
  ...migration,
  name: 'ack-block-migration',
  title: `${ackBlock.title}, with migration`,
  idea: 'What ACK block leaves in SYN_RECV, and in the accept queue, is moved to the new listener.',
  source: 'the lab; net.ipv4.tcp_migrate_req, Linux 5.14',
  against: ackBlock.name,
  needs: { features: [...ackBlock.needs.features, ...migration.needs.features] },
  setup: [...ackBlock.setup, ...migration.setup],
  proof: { ...migration.proof, read: [DROPPED, ...migration.proof.read] },
  drawbacks: [...migration.drawbacks, ackBlock.drawbacks[1]!],
  adopt: undefined,
  on: { haproxy: {} },
} satisfies CaseFile
