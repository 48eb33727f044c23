import { ARTICLE, ARTICLE_LOAD, PLAIN } from '../article.ts'
import type { ExperimentFile } from '../experiments.ts'

export default {
  ...ARTICLE,
  name: 'same-cpu',
  title: 'Proxy and load on one CPU',
  question: 'Does a plain reload lose nothing when the load runs on the CPU of the proxy?',
  source: 'article, section 5, the second table; no error in an hour and 150 million connections',
  rows: [
    PLAIN,
    {
      label: 'one CPU',
      cases: ['same-cpu'],
      ...ARTICLE_LOAD,
      printed: { hits: 477_672, 'hits/s': 43_420, errs: 0 },
    },
    { label: 'one CPU, maxaccept 4', cases: ['same-cpu-maxaccept-4'], ...ARTICLE_LOAD },
  ],
} satisfies ExperimentFile
