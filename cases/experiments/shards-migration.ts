import type { CaseFile } from '../case.ts'
import { MIGRATE, MIGRATED } from '../migration.ts'
import shards from './shards.ts'

export default {
  ...shards,
  name: 'shards-migration',
  title: `${shards.title}, with migration`,
  idea: `${shards.idea.replace(/\.$/, '')}; the kernel moves what waits in those that close.`,
  source: 'the lab; net.ipv4.tcp_migrate_req, Linux 5.14',
  needs: { features: ['migration'] },
  setup: [MIGRATE],
  proof: MIGRATED,
  expects: [
    {
      resets: 'none',
      because: 'inet_csk_listen_stop gives what waits to a socket of the group that stays (reuseport_migrate_sock)',
    },
  ],
  drawbacks: ['Linux 5.14 or later'],
} satisfies CaseFile
