import hardStopAfter from '../../../../cases/variants/clients/hard-stop-after.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export const args = ['--users', '80', '--keep-alive', '20']
export const caught: Caught = {
  verdict: ['inconclusive'],
  by: /the case did not act: 0 reloads 5 ms after which/,
}

export default broken(
  hardStopAfter,
  'clients-hard-stop-at-once',
  'both options are missing: the old process closes what pauses at once',
  {
    on: { haproxy: { ...hardStopAfter.on.haproxy, config: {} } },
  },
)
