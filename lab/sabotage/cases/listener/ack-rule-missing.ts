import ackBlockSyncookies from '../../../../cases/variants/sockets/ack-block-syncookies.ts'
import syncookiesAlways from '../../../../cases/variants/sockets/syncookies-always.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  ackBlockSyncookies,
  'listener-ack-rule-missing',
  'the rule of ACK block is missing beside the cookies',
  { setup: syncookiesAlways.setup },
)

export const caught: Caught = {
  verdict: ['failed'],
  by: /the proof of the case printed its rule dropped no ACK, not a whole number/,
}
