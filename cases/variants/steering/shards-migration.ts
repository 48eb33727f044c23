import { withMigration } from '../../migration.ts'
import shards from '../sockets/shards.ts'

export default withMigration(shards, 'shards-migration')
