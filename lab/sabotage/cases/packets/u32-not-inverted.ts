import ackBlockU32 from '../../../../cases/variants/packets/ack-block-u32.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  ackBlockU32,
  'packets-u32-not-inverted',
  "the article's rule without its exclamation mark: it drops what has 4 bytes of data, and lets bare ACKs pass",
  { setup: ackBlockU32.setup.map((command) => command.replace('! --u32', '--u32')) },
)

export const caught: Caught = { verdict: ['inconclusive'], by: /the case did not act: 0 bare ACKs/ }
