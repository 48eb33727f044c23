import fdPassing from '../../../../cases/fd-passing.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(fdPassing, 'reload-starts-nothing', 'the reload succeeds and starts nothing', {
  reload: 'true',
})

export const caught: Caught = { verdict: ['failed'], by: /reload 0: no new proxy/ }
export const quick = true
