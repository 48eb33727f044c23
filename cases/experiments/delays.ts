import type { ExperimentFile } from '../experiments.ts'
import { HALF, HALF_SHARE } from '../half.ts'

const row = (label: string, ...cases: string[]) => ({ label, cases, ...HALF_SHARE })

export default {
  ...HALF,
  name: 'delays',
  title: 'Packets that are dropped or held',
  question: 'What do clients pay where SYNs or ACKs are dropped or held while the proxy reloads?',
  source: 'article, section 3, "Blocking SYNs" and "Delaying SYNs", and the closing idea of section 6',
  columns: ['p50 ms', 'p99 ms', 'p99.9 ms', 'max ms', 'slow', 'proof'],
  rows: [
    row('plain', 'none'),
    row('SYNs dropped', 'syn-block'),
    row('SYNs dropped by nftables', 'syn-block-nft'),
    row('SYNs delayed', 'syn-delay'),
    row('ACKs delayed', 'ack-delay'),
    row('plain, over veth', 'none-veth'),
    row('SYNs delayed, over veth', 'syn-delay-ifb'),
  ],
} satisfies ExperimentFile
