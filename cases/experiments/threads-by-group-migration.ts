import type { CaseFile } from '../case.ts'
import { MIGRATE, MIGRATED, MIGRATED_TO_FEWER } from '../migration.ts'
import threadsByGroup from './threads-by-group.ts'

export default {
  ...threadsByGroup,
  name: 'threads-by-group-migration',
  title: `${threadsByGroup.title}, with migration`,
  idea: `${threadsByGroup.idea.replace(/\.$/, '')}; the kernel moves what waits in those that close.`,
  source: 'the lab; net.ipv4.tcp_migrate_req, Linux 5.14',
  needs: { features: ['migration'] },
  setup: [MIGRATE],
  proof: MIGRATED,
  expects: [MIGRATED_TO_FEWER],
  drawbacks: ['Linux 5.14 or later'],
} satisfies CaseFile
