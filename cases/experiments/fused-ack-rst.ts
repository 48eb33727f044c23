import { ARTICLE, ARTICLE_LOAD, PLAIN } from '../article.ts'
import type { ExperimentFile } from '../experiments.ts'

export default {
  ...ARTICLE,
  name: 'fused-ack-rst',
  title: 'The request carries the ACK, and the client closes with a RST (-F -c)',
  question: 'Do the resets go away, too, when the options -F and -c make the errors go away?',
  source: 'article, section 5, the third table: "no single error during this test"',
  rows: [
    PLAIN,
    {
      label: '-F -c',
      cases: ['close-with-rst'],
      ...ARTICLE_LOAD,
      printed: { hits: 1_076_404, 'hits/s': 153_772, errs: 0 },
    },
    { label: '-F', cases: ['fused-ack'], ...ARTICLE_LOAD },
  ],
} satisfies ExperimentFile
