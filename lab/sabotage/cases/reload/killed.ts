import fdPassing from '../../../../cases/fd-passing.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(fdPassing, 'reload-killed', 'the reload is killed with SIGKILL before it starts anything', {
  reload: 'kill -9 $$',
})

export const caught: Caught = { verdict: ['failed'], by: /reload 0: \/cell\/reload was killed by signal 9/ }
