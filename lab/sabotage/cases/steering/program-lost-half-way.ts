import ebpf from '../../../../cases/ebpf.ts'
import { broken, COUNTED } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  ebpf,
  'steering-program-lost-half-way',
  'from the third reload on, the program returns the index of no socket',
  { before: [COUNTED, '[ $n -ne 3 ] || steer $SOCK $PORT 7'] },
)

export const caught: Caught = { verdict: ['inconclusive'], by: /the case did not act in \d+ of \d+ reloads/ }
