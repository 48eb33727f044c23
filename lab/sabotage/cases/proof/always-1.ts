import synBlock from '../../../../cases/syn-block.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(synBlock, 'proof-always-1', 'SYN block has no rule, and its proof prints 1 whatever happens', {
  setup: undefined,
  before: undefined,
  after: undefined,
  proof: { shows: 'SYNs that its rule dropped', read: ['echo 1'], at: 'end' },
})

export const caught: Caught = { verdict: ['contradicts'], by: /\d+ resets? in .*theory expects none/ }
