import ebpfDrain from '../../../../cases/variants/steering/ebpf-drain.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  ebpfDrain,
  'steering-drain-asks-new',
  'the drain counts what the new process has accepted, not the old one',
  { after: ['route --accepted $SOCK', 'kill -USR1 $OLD', 'closed $OLD $PORT'] },
)

export const caught: Caught = { verdict: ['failed'], by: /\/cell\/after ended with status 1/ }
export const kernel = '6.1'
