import workers from '../../../../cases/nginx/workers.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(workers, 'sockets-workers-shrink-once', 'only the reload before the load has fewer workers', {
  prepare: undefined,
})

export const args = ['--proxy', 'nginx', '--users', '20', '--duration', '2']
export const caught: Caught = {
  verdict: ['failed'],
  by: /reload 0: the new proxy has 2 of the 2 listeners of the old one, not fewer of them/,
}
