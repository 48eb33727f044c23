import { withMigration } from '../../tcp-migrate-req.ts'
import threadsByThread from '../sockets/threads-by-thread.ts'

export default withMigration(threadsByThread, 'threads-by-thread-migration')
