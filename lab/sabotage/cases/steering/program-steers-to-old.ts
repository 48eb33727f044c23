import ebpf from '../../../../cases/ebpf.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(ebpf, 'steering-program-steers-to-old', 'the program selects the process that is about to exit', {
  ready: ['steer $SOCK $PORT 0'],
})

export const caught: Caught = { verdict: ['inconclusive'], by: /the case did not act in \d+ of \d+ reloads/ }
export const quick = true
