import noReload from '../../../cases/no-reload.ts'
import { broken } from '../broken.ts'
import type { Caught } from '../plant.ts'

export default broken(
  noReload,
  'overflow-resets',
  'the kernel resets what finds a full accept queue, and nobody reloads',
  {
    setup: ['sysctl -w net.core.somaxconn=1 net.ipv4.tcp_abort_on_overflow=1'],
  },
)

export const caught: Caught = {
  verdict: ['contradicts', 'inconclusive'],
  by: /\d+ resets? in 0 reloads|all resets but/,
}
export const quick = true
