import closeWithRst from '../../../../cases/variants/clients/close-with-rst.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(closeWithRst, 'clients-close-with-fin', 'clients close with a FIN', {
  client: { fusedAck: true },
})

export const caught: Caught = {
  verdict: ['inconclusive'],
  by: /the case did not act: 0 connections that a client closed/,
}
