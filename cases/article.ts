import type { ExperimentFile } from './experiments.ts'

/** What the article's experiments have in common: its proxy, where it can be had, and reloads with pauses of 100 ms. */
export const ARTICLE = {
  proxies: { first: ['haproxy:1.7', 'haproxy:1.8', 'haproxy:2.2', 'haproxy:2.6'] },
  boots: 2,
  duration: 6,
  interval: 100,
  columns: ['hits', 'hits/s', 'errs', 'errs per million hits', 'resets among hits'],
} satisfies Partial<ExperimentFile>

/** What its proxy accepts in one go: what HAProxy does where nothing else is said, up to 2.3; from 2.4 on it is 4. */
export const ARTICLE_MAXACCEPT = { maxaccepts: [64] }

/** Its load: `inject -u 20 -o 4`, a closed loop of 80 connections. */
export const ARTICLE_LOAD = { users: [80], ...ARTICLE_MAXACCEPT }

/** Its first run, with which it compares the others: section 5, the last line that inject printed. */
export const PLAIN = {
  label: 'plain',
  cases: ['none'],
  ...ARTICLE_LOAD,
  printed: { hits: 467_456, 'hits/s': 77_909, errs: 10 },
} satisfies ExperimentFile['rows'][number]
