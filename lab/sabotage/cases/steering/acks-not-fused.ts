import fusedAckMigration from '../../../../cases/variants/steering/fused-ack-migration.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  fusedAckMigration,
  'steering-acks-not-fused',
  'clients send the bare ACK of the handshake, beside migration',
  { client: undefined },
)

export const caught: Caught = {
  verdict: ['failed'],
  by: /the proof of the case printed its clients fused no ACK, not a whole number/,
}
