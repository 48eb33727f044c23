import ebpfClassic from '../../../../cases/variants/steering/ebpf-classic.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  ebpfClassic,
  'steering-classic-steers-to-old',
  'the classic program selects the process that is about to exit',
  { ready: ['steer --classic $SOCK $PORT 0'] },
)

export const caught: Caught = { verdict: ['inconclusive'], by: /the case did not act in \d+ of \d+ reloads/ }
export const quick = true
