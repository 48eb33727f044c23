import ackBlock from '../../ack-block.ts'
import type { CaseFile } from '../../case.ts'
import syncookiesAlways from './syncookies-always.ts'

/** Says so, and ends, where the rule of ACK block has dropped nothing. */
export const DROPPED = `[ $(${ackBlock.proof.read[0]}) -gt 0 ] || { echo its rule dropped no ACK; exit; }`

export default {
  ...syncookiesAlways,
  name: 'ack-block-syncookies',
  title: 'ACK block, with SYN cookies',
  idea: 'ACK block leaves connections in SYN_RECV until their data comes; with cookies any listener takes that data.',
  source: 'the lab; article, section 5, and net.ipv4.tcp_syncookies=2',
  needs: { features: [...ackBlock.needs.features, ...syncookiesAlways.needs.features] },
  setup: [...ackBlock.setup, ...syncookiesAlways.setup],
  proof: { ...syncookiesAlways.proof, read: [DROPPED, ...syncookiesAlways.proof.read] },
  drawbacks: [...syncookiesAlways.drawbacks, ackBlock.drawbacks[1]!],
} satisfies CaseFile
