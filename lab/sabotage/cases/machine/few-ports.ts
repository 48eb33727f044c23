import fdPassing from '../../../../cases/fd-passing.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(fdPassing, 'machine-few-ports', 'the clients have ten local ports for twenty users', {
  setup: ['sysctl -w net.ipv4.ip_local_port_range="20001 20010"'],
})

export const caught: Caught = { verdict: ['contradicts', 'inconclusive'], by: /lost otherwise/ }
