import { withMigration } from '../../migration.ts'
import threadsByGroup from '../sockets/threads-by-group.ts'

export default withMigration(threadsByGroup, 'threads-by-group-migration')
