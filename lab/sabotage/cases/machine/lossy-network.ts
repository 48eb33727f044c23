import fdPassing from '../../../../cases/fd-passing.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(fdPassing, 'machine-lossy-network', 'the network loses one packet in a hundred', {
  setup: ['iptables -I INPUT -i lo -p tcp -m statistic --mode random --probability 0.01 -j DROP'],
})

// Yellow on a noisy machine, which may be what slows the connections.
export const caught: Caught = { verdict: ['contradicts', 'inconclusive'], by: /\d+ of \d+ connections were slow/ }
