import type { ExperimentFile } from '../experiments.ts'
import { HALF, HALF_SHARE } from '../half.ts'

export default {
  ...HALF,
  name: 'per-ten-thousand',
  title: 'Failures a reload by rate and maxaccept',
  question: 'Does a reload fail one connection for every 10,000 that come in a second?',
  source:
    'HAProxy, management.txt, section 4: "around 1 failure during a reload operation every 10000 new connections per second"',
  columns: ['conn/s', 'reloads', 'failures per million', 'in flight'],
  rows: [{ label: 'plain', cases: ['none'], ...HALF_SHARE, maxaccepts: [4, 64, -1] }],
} satisfies ExperimentFile
