import { withMigration } from '../../tcp-migrate-req.ts'
import stopped from '../sockets/stopped.ts'

export default withMigration(stopped, 'stopped-migration')
