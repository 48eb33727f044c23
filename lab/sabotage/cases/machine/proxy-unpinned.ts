import fdPassing from '../../../../cases/fd-passing.ts'
import { broken, COUNTED } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(fdPassing, 'machine-proxy-unpinned', 'the new proxies lose their CPU in the middle of the run', {
  before: [COUNTED],
  after: ['[ $(cat /tmp/n) -eq 0 ] || taskset -pa 0xffff $NEW'],
})

export const caught: Caught = {
  verdict: ['inconclusive', 'failed'],
  by: /the new proxy was not pinned to CPU|the proxy was pinned/,
}
