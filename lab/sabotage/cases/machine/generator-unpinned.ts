import fdPassing from '../../../../cases/fd-passing.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(fdPassing, 'machine-generator-unpinned', 'the generator loses its CPU in the middle of the run', {
  // At the reload before the load there is none.
  after: ['! pidof load || taskset -p 0xffff $(pidof load)'],
})

export const caught: Caught = { verdict: ['inconclusive', 'failed'], by: /the generator (ran on CPU|was pinned)/ }
