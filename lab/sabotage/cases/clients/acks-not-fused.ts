import fusedAck from '../../../../cases/variants/clients/fused-ack.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(fusedAck, 'clients-acks-not-fused', 'clients send the bare ACK of the handshake', {
  client: undefined,
})

export const caught: Caught = {
  verdict: ['inconclusive'],
  by: /the case did not act: 0 connections without a bare ACK/,
}
