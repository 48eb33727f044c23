import fusedAckSyncookies from '../../../../cases/variants/sockets/fused-ack-syncookies.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  fusedAckSyncookies,
  'listener-acks-not-fused',
  'clients send the bare ACK of the handshake, beside the cookies',
  { client: undefined },
)

export const caught: Caught = {
  verdict: ['failed'],
  by: /the proof of the case printed its clients fused no ACK, not a whole number/,
}
