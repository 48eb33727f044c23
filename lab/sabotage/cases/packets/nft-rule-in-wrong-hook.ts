import synBlockNft from '../../../../cases/variants/packets/syn-block-nft.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  synBlockNft,
  'packets-nft-rule-in-wrong-hook',
  'SYN block by nftables hooks its chain where no packet for this host comes by',
  { setup: synBlockNft.setup.map((command) => command.replace('hook input', 'hook forward')) },
)

export const caught: Caught = { verdict: ['inconclusive'], by: /the case did not act: 0 SYNs/ }
