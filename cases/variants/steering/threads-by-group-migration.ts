import { withMigration } from '../../tcp-migrate-req.ts'
import threadsByGroup from '../sockets/threads-by-group.ts'

export default withMigration(threadsByGroup, 'threads-by-group-migration')
