import sameCpu from '../../../../cases/variants/clients/same-cpu.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(sameCpu, 'clients-load-leaves-cpu', 'the load leaves the CPU that it shares with the proxy', {
  // At the reload before the load there is none.
  after: ['! pidof load || taskset -p 0xffff $(pidof load)'],
})

export const caught: Caught = { verdict: ['inconclusive', 'failed'], by: /the generator (ran on CPU|was pinned)/ }
