import { ARTICLE, ARTICLE_LOAD, PLAIN } from '../article.ts'
import type { ExperimentFile } from '../experiments.ts'

export default {
  ...ARTICLE,
  name: 'separate-cpus',
  title: 'Proxy and load on a CPU each',
  question: 'How many connections does a plain reload lose when proxy and load run on a CPU each?',
  source: 'article, section 5, the first table',
  rows: [PLAIN, { label: 'no reload', cases: ['no-reload'], ...ARTICLE_LOAD }],
} satisfies ExperimentFile
