import synDelay from '../../../../cases/syn-delay.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(synDelay, 'packets-plug-never-holds', 'the plug of SYN delay never holds a packet', {
  before: ['sleep 0.02'],
})

export const caught: Caught = { verdict: ['inconclusive'], by: /the case did not act: 0 SYNs/ }
export const kernel = '6.1'
