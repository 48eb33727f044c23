import ackBlockMigration from '../../../../cases/variants/steering/ack-block-migration.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  ackBlockMigration,
  'steering-ack-rule-on-wrong-port',
  'the rule of ACK block, beside migration, is for a port on which nobody listens',
  { setup: ackBlockMigration.setup.map((line) => line.replace('$PORT', '8081')) },
)

export const caught: Caught = {
  verdict: ['failed'],
  by: /the proof of the case printed its rule dropped no ACK, not a whole number/,
}
