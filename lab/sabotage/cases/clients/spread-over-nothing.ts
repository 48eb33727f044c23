import closeSpreadTime from '../../../../cases/variants/clients/close-spread-time.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export const args = ['--users', '80', '--keep-alive', '20']
export const caught: Caught = {
  verdict: ['inconclusive'],
  by: /the case did not act: 0 reloads 5 ms after which/,
}

export default broken(
  closeSpreadTime,
  'clients-spread-over-nothing',
  'the option is missing: the old process closes all that pauses at once',
  {
    on: { haproxy: { ...closeSpreadTime.on.haproxy, config: {} } },
  },
)
