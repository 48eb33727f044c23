import noReuseport from '../../../../cases/variants/sockets/no-reuseport.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(noReuseport, 'sockets-reuseport-left-on', 'the configuration does not switch SO_REUSEPORT off', {
  on: { haproxy: { needs: { from: '1.7' } } },
})

export const caught: Caught = {
  verdict: ['inconclusive'],
  by: /the case did not act in \d+ of \d+ reloads: too few reloads after which no second socket/,
}
