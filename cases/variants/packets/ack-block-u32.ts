import ackBlock from '../../ack-block.ts'
import type { CaseFile } from '../../case.ts'

/**
 * The article's rule for production: it goes over the IP and the TCP header, whatever their lengths, and asks for 4 bytes
 * behind them; where the packet ends before, no u32 matches.
 */
export const BARE_ACK =
  "-p tcp --dport $PORT --tcp-flags SYN,PSH,ACK,FIN,RST ACK -m u32 ! --u32 '0>>22&0x3C@12>>26&0x3C@0&0x0=0:0'"

export default {
  ...ackBlock,
  name: 'ack-block-u32',
  title: 'ACK block, with or without timestamps',
  idea: "Drop the handshake's bare ACK by the article's rule for production, which does not rely on timestamps.",
  source: 'article, section 6: the rule "intended for production"',
  needs: { features: ['u32-match'] },
  setup: [`iptables -I INPUT -i lo ${BARE_ACK} -j DROP`],
  proof: {
    shows: 'bare ACKs that its rule dropped',
    read: ["iptables -nvxL INPUT | awk '/u32/ { print $1 }'"],
    at: 'end',
  },
} satisfies CaseFile
