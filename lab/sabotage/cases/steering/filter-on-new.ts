import twoStep from '../../../../cases/two-step.ts'
import ebpfReject from '../../../../cases/variants/steering/ebpf-reject.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(ebpfReject, 'steering-filter-on-new', 'the filter that drops SYNs goes to the new listener', {
  on: { haproxy: { reload: `${twoStep.on.haproxy.reload} && tamper $SOCK $PORT reject` } },
})

export const caught: Caught = { verdict: ['contradicts'], by: /the service answered \d+ of 32 connections/ }
