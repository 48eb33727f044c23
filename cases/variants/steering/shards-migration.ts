import { withMigration } from '../../tcp-migrate-req.ts'
import shards from '../sockets/shards.ts'

export default withMigration(shards, 'shards-migration')
