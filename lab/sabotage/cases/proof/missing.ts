import fdPassing from '../../../../cases/fd-passing.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(fdPassing, 'proof-missing', 'a mitigation declares no proof that it acted', {
  proof: undefined,
})

export const caught: Caught = { verdict: ['inconclusive'], by: /the case declares no proof that it acted/ }
