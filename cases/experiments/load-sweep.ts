import { ARTICLE, ARTICLE_MAXACCEPT } from '../article.ts'
import type { ExperimentFile } from '../experiments.ts'

const ARRIVALS = { shares: [0.05, 0.1, 0.25, 0.5, 0.8, 1], ...ARTICLE_MAXACCEPT }
const AT_A_TIME = { users: [1, 4, 20, 80, 200, 400], ...ARTICLE_MAXACCEPT }

export default {
  ...ARTICLE,
  name: 'load-sweep',
  title: 'Resets by load',
  question: 'How do the resets of a reload grow with the load, and from which load on does it decide them?',
  source: 'the lab: the article has one load, under which its proxy is as busy as it can be',
  duration: 3,
  columns: ['conn/s', 'in flight', 'limited by', 'at ceiling'],
  rows: [
    { label: 'plain, arrivals', cases: ['none'], ...ARRIVALS },
    { label: 'ACKs dropped, arrivals', cases: ['ack-block'], ...ARRIVALS },
    { label: 'plain, at a time', cases: ['none'], ...AT_A_TIME },
    { label: 'ACKs dropped, at a time', cases: ['ack-block'], ...AT_A_TIME },
  ],
} satisfies ExperimentFile
