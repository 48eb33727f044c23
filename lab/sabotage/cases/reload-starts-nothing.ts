import fdPassing from '../../../cases/fd-passing.ts'
import { broken } from '../broken.ts'
import type { Caught } from '../plant.ts'

export default broken(fdPassing, 'reload-starts-nothing', 'the reload succeeds and starts nothing', {
  on: { haproxy: { reload: 'true' } },
})

export const caught: Caught = { verdict: ['failed'], by: /reload 0: no new proxy/ }
export const quick = true
