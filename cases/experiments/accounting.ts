import { ARTICLE, ARTICLE_LOAD, PLAIN } from '../article.ts'
import type { ExperimentFile } from '../experiments.ts'

export default {
  ...ARTICLE,
  name: 'accounting',
  title: "What the article's tool counts",
  question: "How many of the resets does the article's tool show as errors, and how many as hits?",
  source: 'the lab; inject counts ECONNRESET on recv() as the end of a response',
  columns: ['hits', 'errs', 'resets among hits'],
  rows: [
    { ...PLAIN, printed: { hits: 467_456, errs: 10 } },
    { label: '-F', cases: ['fused-ack'], ...ARTICLE_LOAD, printed: { hits: 721_980, errs: 0 } },
    { label: 'ACKs dropped', cases: ['ack-block'], ...ARTICLE_LOAD, printed: { hits: 662_112, errs: 0 } },
  ],
} satisfies ExperimentFile
