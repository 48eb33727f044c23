import { ARTICLE } from '../article.ts'
import type { ExperimentFile } from '../experiments.ts'

export default {
  ...ARTICLE,
  name: 'maxaccept-sweep',
  title: 'Resets by maxaccept',
  question: 'How much of what a reload resets is what the proxy does not accept in one go?',
  source: 'the lab; tune.maxaccept is 64 up to HAProxy 2.3, and 4 from 2.4 on (commit 66161326f)',
  duration: 2.5,
  columns: ['conn/s', 'in flight', 'at ceiling'],
  rows: [{ label: 'plain', cases: ['none'], users: [20, 80, 400], maxaccepts: [1, 4, 8, 64, -1] }],
} satisfies ExperimentFile
