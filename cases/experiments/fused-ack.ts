import { ARTICLE, ARTICLE_LOAD, PLAIN } from '../article.ts'
import type { ExperimentFile } from '../experiments.ts'

export default {
  ...ARTICLE,
  name: 'fused-ack',
  title: 'The request carries the ACK (-F)',
  question: 'Does nothing get lost when the request carries the ACK of the handshake?',
  source: 'article, section 5: -F "got rid of the problem"',
  rows: [
    PLAIN,
    {
      label: '-F',
      cases: ['fused-ack'],
      ...ARTICLE_LOAD,
      printed: { hits: 721_980, 'hits/s': 103_140, errs: 0 },
    },
  ],
} satisfies ExperimentFile
