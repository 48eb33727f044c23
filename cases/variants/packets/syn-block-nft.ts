import type { CaseFile } from '../../case.ts'
import synBlock from '../../syn-block.ts'

export default {
  ...synBlock,
  name: 'syn-block-nft',
  title: 'SYN block by nftables',
  idea: 'Drop SYNs while the proxy reloads, by nft instead of iptables.',
  source: 'syn-block, for systems whose firewall is nftables',
  needs: { features: ['nftables'] },
  // A chain of its own keeps count over all reloads.
  setup: [
    'nft add table ip hitless',
    "nft add chain ip hitless input '{ type filter hook input priority 0; }'",
    'nft add chain ip hitless reload',
    'nft add rule ip hitless reload counter drop',
  ],
  before: [
    "nft add rule ip hitless input iif lo tcp dport $PORT 'tcp flags & (fin|syn|rst|ack) == syn' jump reload",
    'sleep 0.02',
    'drained $PORT',
  ],
  after: ['closed $OLD $PORT', 'nft flush chain ip hitless input'],
  proof: {
    shows: 'SYNs that its rule dropped',
    read: ["nft list chain ip hitless reload | awk '/counter packets/ { print $3 }'"],
    at: 'end',
  },
} satisfies CaseFile
