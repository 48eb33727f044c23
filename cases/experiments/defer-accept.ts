import { ARTICLE, ARTICLE_LOAD, PLAIN } from '../article.ts'
import type { ExperimentFile } from '../experiments.ts'

export default {
  ...ARTICLE,
  name: 'defer-accept',
  title: 'defer-accept on the bind line',
  question: 'Does it help when the kernel wakes the proxy only once the request is there?',
  source: 'article, section 5: defer-accept "still experienced the problem"',
  rows: [
    PLAIN,
    {
      label: 'defer-accept',
      cases: ['defer-accept'],
      ...ARTICLE_LOAD,
      printed: { hits: 493_224, 'hits/s': 82_190, errs: 12 },
    },
  ],
} satisfies ExperimentFile
