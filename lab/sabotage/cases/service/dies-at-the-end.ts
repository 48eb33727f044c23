import fdPassing from '../../../../cases/fd-passing.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(fdPassing, 'service-dies-at-the-end', 'the proxy dies after the last reload', {
  proof: { shows: 'nothing', read: ['kill -9 $(cat $PIDFILE)', 'echo 1'], at: 'end' },
})

export const caught: Caught = { verdict: ['failed'], by: /the proxy \(process \d+\) is gone/ }
