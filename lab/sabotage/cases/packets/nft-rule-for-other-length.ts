import ackBlockNft from '../../../../cases/variants/packets/ack-block-nft.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  ackBlockNft,
  'packets-nft-rule-for-other-length',
  'ACK block by nftables takes the length of the data for that of the packet',
  { setup: ackBlockNft.setup.map((command) => command.replace(/ip length \S+/, 'ip length 0-3')) },
)

export const caught: Caught = { verdict: ['inconclusive'], by: /the case did not act: 0 bare ACKs/ }
export const quick = true
