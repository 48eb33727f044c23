import synDelayIfb from '../../../../cases/variants/packets/syn-delay-ifb.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  synDelayIfb,
  'packets-ifb-takes-syn-acks',
  'SYN delay for remote clients redirects SYN-ACKs, which never come in, instead of SYNs',
  { setup: synDelayIfb.setup.map((command) => command.replace('u8 0x02 0x12', 'u8 0x12 0x12')) },
)

export const caught: Caught = { verdict: ['inconclusive'], by: /the case did not act: 0 SYNs/ }
export const kernel = '6.1'
