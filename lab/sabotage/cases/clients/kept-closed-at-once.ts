import idleCloseOnResponse from '../../../../cases/variants/clients/idle-close-on-response.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export const args = ['--users', '80', '--keep-alive', '20']
export const caught: Caught = {
  verdict: ['inconclusive'],
  by: /the case did not act: 0 reloads 5 ms after which/,
}

export default broken(
  idleCloseOnResponse,
  'clients-kept-closed-at-once',
  'the option is missing: the old process closes what pauses at once',
  {
    on: { haproxy: { ...idleCloseOnResponse.on.haproxy, config: {} } },
  },
)
