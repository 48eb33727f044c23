import fdPassing from '../../../../cases/fd-passing.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(fdPassing, 'proof-missing', 'a mitigation that does not say how it proves that it acted', {
  proof: undefined,
})

export const caught: Caught = { verdict: ['inconclusive'], by: /the case has no proof that it acted/ }
