import type { ExperimentFile } from '../experiments.ts'
import { HALF, HALF_SHARE } from '../half.ts'

const row = (label: string, ...cases: string[]) => ({ label, cases, ...HALF_SHARE })

export default {
  ...HALF,
  name: 'ugly-tricks',
  title: 'What can be done to the old listener',
  question:
    'Which of the ideas that tamper with the old listener keep connections from being reset, and at what price?',
  source:
    'article, section 3, "Changing socket\'s score", "Diverting SYNs …" (all it could do was reject) and "Ugly tricks?"',
  columns: ['failures per million', 'slow', 'p99 ms', 'max ms', 'proof'],
  rows: [
    row('plain', 'none'),
    row('two-step', 'two-step'),
    row('bound to a wrong interface', 'rebind-wrong-device'),
    row('backlog of 0', 'backlog-zero'),
    row('backlog of 0, without cookies', 'backlog-zero-no-cookies'),
    row('shut down first', 'shutdown-before-close'),
    row('a filter that rejects', 'ebpf-reject'),
  ],
} satisfies ExperimentFile
