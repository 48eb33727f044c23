import { withMigration } from '../../migration.ts'
import threadsByThread from '../sockets/threads-by-thread.ts'

export default withMigration(threadsByThread, 'threads-by-thread-migration')
