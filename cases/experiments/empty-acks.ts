import { ARTICLE, ARTICLE_LOAD, PLAIN } from '../article.ts'
import type { ExperimentFile } from '../experiments.ts'

export default {
  ...ARTICLE,
  name: 'empty-acks',
  title: 'Empty ACKs are dropped',
  question: 'Does nothing get lost when the bare ACKs of handshakes are dropped?',
  source: 'article, section 5: "I confirmed that blocking empty ACKs got rid of the problem"',
  rows: [
    PLAIN,
    {
      label: 'ACKs dropped',
      cases: ['ack-block'],
      ...ARTICLE_LOAD,
      printed: { hits: 662_112, 'hits/s': 132_422, errs: 0 },
    },
  ],
} satisfies ExperimentFile
