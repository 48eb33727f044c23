import ebpf from '../../../../cases/ebpf.ts'
import ebpfSockarray from '../../../../cases/variants/steering/ebpf-sockarray.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  ebpfSockarray,
  'steering-map-keeps-old',
  'the map keeps the listener of the process that is about to exit',
  { on: { haproxy: { ...ebpfSockarray.on.haproxy, reload: ebpf.on.haproxy.reload } } },
)

export const caught: Caught = { verdict: ['inconclusive'], by: /the case did not act in \d+ of \d+ reloads/ }
export const kernel = '6.1'
