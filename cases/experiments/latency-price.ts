import type { ExperimentFile } from '../experiments.ts'
import { HALF, HALF_SHARE } from '../half.ts'

const row = (label: string, ...cases: string[]) => ({ label, cases, ...HALF_SHARE })

export default {
  ...HALF,
  name: 'latency-price',
  title: 'What each mitigation costs in latency',
  question: 'How much longer do connections take while a proxy reloads under each mitigation?',
  source: 'article, sections 3, 6 and 7: "occasional extra 200ms-3s delay" for SYN block, none for ACK block',
  columns: ['p50 ms', 'p99 ms', 'p99.9 ms', 'max ms', 'slow', 'conn/s'],
  rows: [
    row('no reload', 'no-reload'),
    row('plain', 'none'),
    row('SYNs dropped', 'syn-block'),
    row('SYNs delayed', 'syn-delay'),
    row('ACKs dropped', 'ack-block'),
    row('two-step', 'two-step'),
    row('eBPF', 'ebpf'),
    row('sockets passed', 'fd-passing'),
    row('tcp-migrate-req', 'tcp-migrate-req'),
  ],
} satisfies ExperimentFile
