import fdPassing from '../../../../cases/fd-passing.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  fdPassing,
  'service-shares-its-port',
  'another process listens on the same port and answers half of the connections',
  {
    ready: [
      'sed "s|stats socket .*||" $CFG >/tmp/stranger.cfg',
      'haproxy -D -f /tmp/stranger.cfg -p /tmp/stranger.pid',
    ],
  },
)

export const caught: Caught = { verdict: ['failed'], by: /reload 0: somebody else than the new proxy/ }
export const quick = true
