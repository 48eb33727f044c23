import synDelay from '../../../../cases/syn-delay.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(synDelay, 'packets-plug-never-released', 'the plug of SYN delay is never released', {
  after: ['closed $OLD $PORT'],
  price: { slow: true, timeouts: true, throughput: 1 },
})

// It blocks from the reload ahead of the load on: no SYN comes out.
export const caught: Caught = { verdict: ['failed'], by: /lo received 0 packets while \d+ connections began/ }
export const kernel = '6.1'
