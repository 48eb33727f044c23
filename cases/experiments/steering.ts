import type { ExperimentFile } from '../experiments.ts'
import { HALF, HALF_SHARE } from '../half.ts'

const row = (label: string, ...cases: string[]) => ({ label, cases, ...HALF_SHARE })

export default {
  ...HALF,
  name: 'steering',
  title: 'Who gets the new connections',
  question: 'Can a program steer new connections away from the process that quits, or have the kernel move them?',
  source: 'article, section 3, "Diverting SYNs to certain queues using eBPF": "resulted in a failure"',
  columns: ['failures per million', 'p99 ms', 'max ms', 'reloads/s', 'proof'],
  rows: [
    row('plain', 'none'),
    row('eBPF', 'ebpf'),
    row('classic BPF', 'ebpf-classic'),
    row('a map of listeners', 'ebpf-sockarray'),
    row('a drain by count', 'ebpf-drain'),
    row('moved by a program', 'bpf-migrate'),
    row('tcp-migrate-req', 'tcp-migrate-req'),
  ],
} satisfies ExperimentFile
