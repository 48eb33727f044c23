import shardsMigration from '../../../../cases/variants/steering/shards-migration.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  shardsMigration,
  'steering-migration-switched-off',
  'the kernel migrates connections at the first reload only',
  { after: ['closed $OLD $PORT', 'sysctl -w net.ipv4.tcp_migrate_req=0'] },
)

export const caught: Caught = {
  verdict: ['failed'],
  by: /the proof of the case printed tcp_migrate_req is off, not a whole number/,
}
