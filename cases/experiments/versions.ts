import { ARTICLE, ARTICLE_LOAD } from '../article.ts'
import type { ExperimentFile } from '../experiments.ts'

/** The article's load, with what each version accepts in one go by itself. */
const OWN = { users: ARTICLE_LOAD.users }

export default {
  ...ARTICLE,
  name: 'versions',
  title: 'HAProxy, version by version',
  question:
    'Which version of HAProxy loses how many connections, and since when does passing its sockets on lose none?',
  source: 'article, section 5: "the problem became fairly visible on all versions"; section 7: 1.8',
  proxies: { each: ['haproxy:*'] },
  // Of more than twenty cells; --boots 3 for what a single version loses.
  boots: 1,
  duration: 4,
  columns: ['hits/s', 'errs', 'resets among hits'],
  rows: [
    { label: 'plain', cases: ['none'], ...OWN },
    { label: 'plain, maxaccept 64', cases: ['none'], ...ARTICLE_LOAD },
    { label: 'sockets passed', cases: ['fd-passing'], ...OWN },
  ],
} satisfies ExperimentFile
