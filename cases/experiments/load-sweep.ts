import { ARTICLE, ARTICLE_MAXACCEPT } from '../article.ts'
import type { ExperimentFile } from '../experiments.ts'

const WHAT = { cases: ['none', 'ack-block'], ...ARTICLE_MAXACCEPT }

export default {
  ...ARTICLE,
  name: 'load-sweep',
  title: 'Resets by load',
  question: 'How do the resets of a reload grow with the load, and from which load on does it decide them?',
  source: 'the lab: the article has one load, under which its proxy is as busy as it can be',
  duration: 4,
  columns: ['conn/s', 'in flight', 'limited by', 'at ceiling'],
  rows: [
    { label: 'arrivals', ...WHAT, shares: [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 1] },
    { label: 'at a time', ...WHAT, users: [1, 4, 20, 80, 200, 400] },
  ],
} satisfies ExperimentFile
