import nginxTest from '../../../../cases/nginx/test.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(nginxTest, 'proof-test-tests-nothing', 'the test of the configuration of nginx does nothing', {
  on: { nginx: { ...nginxTest.on.nginx, reload: 'true' } },
})

export const args = ['--proxy', 'nginx', '--users', '20', '--duration', '2']
export const caught: Caught = {
  verdict: ['inconclusive'],
  by: /the case did not act in \d+ of \d+ reloads: too few tests that nginx calls successful/,
}
