import synBlock from '../../../../cases/syn-block.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(synBlock, 'proof-not-a-number', 'a proof prints something other than a number', {
  proof: { shows: 'nothing', read: ['echo many'], at: 'end' },
})

export const caught: Caught = { verdict: ['failed'], by: /the proof of the case printed many, not a whole number/ }
export const quick = true
