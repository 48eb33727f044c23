import { withMigration } from '../migration.ts'
import shards from './shards.ts'

export default withMigration(shards, 'shards-migration')
