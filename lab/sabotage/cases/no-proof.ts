import fdPassing from '../../../cases/fd-passing.ts'
import { broken } from '../broken.ts'
import type { Caught } from '../plant.ts'

export default broken(fdPassing, 'no-proof', 'a mitigation that does not say how it proves that it acted', {
  proof: undefined,
})

export const caught: Caught = { verdict: ['inconclusive'], by: /the case has no proof that it acted/ }
