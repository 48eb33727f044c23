import ackBlock from '../../ack-block.ts'
import type { CaseFile } from '../../case.ts'

/** A bare ACK to the port: of less than 4 bytes of data, behind a TCP header with timestamps (32 bytes) or without (20). */
const RULES = ['tcp doff 8 ip length 52-55', 'tcp doff 5 ip length 40-43'].map(
  (length) =>
    `nft add rule ip hitless input iif lo tcp dport $PORT 'tcp flags & (fin|syn|rst|psh|ack) == ack' ${length} counter drop`,
)

export default {
  ...ackBlock,
  name: 'ack-block-nft',
  title: 'ACK block by nftables',
  idea: "Drop the handshake's bare ACK, with or without timestamps, by nft instead of iptables.",
  source: 'article, section 6: what its u32 rule blocks, said in nft',
  needs: { features: ['nftables'] },
  setup: [
    'nft add table ip hitless',
    "nft add chain ip hitless input '{ type filter hook input priority 0; }'",
    ...RULES,
  ],
  proof: {
    shows: 'bare ACKs that its rules dropped',
    read: [
      'nft list chain ip hitless input | awk \'{ for (i = 1; i < NF; i++) if ($i == "packets") n += $(i + 1) } END { print n }\'',
    ],
    at: 'end',
  },
} satisfies CaseFile
