import upgrade from '../../../../cases/nginx/upgrade.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  upgrade,
  'proof-upgrade-by-hup',
  'the upgrade of nginx is an ordinary reload, with the same master',
  {
    on: { nginx: { reload: 'kill -HUP $(cat $PIDFILE)' } },
  },
)

export const args = ['--proxy', 'nginx', '--users', '20', '--duration', '2']
export const caught: Caught = {
  verdict: ['inconclusive'],
  by: /the case did not act in \d+ of \d+ reloads: too few reloads that brought a new master/,
}
