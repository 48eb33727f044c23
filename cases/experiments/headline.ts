import { ARTICLE, ARTICLE_MAXACCEPT } from '../article.ts'
import type { ExperimentFile } from '../experiments.ts'

/** 55,000 connections a second, where the article's proxy carried 78,000 under its closed loop. */
const LOAD = { shares: [0.7], ...ARTICLE_MAXACCEPT }

export default {
  ...ARTICLE,
  name: 'headline',
  title: 'Failures per million connections',
  question: 'How many of a million connections fail when a proxy under load is reloaded again and again?',
  source: 'article, section 2: Linux 4.9, 55,000 connections a second, 10 reloads a second, 180 reloads',
  // At up to ten reloads a second, some 180 of them in two boots: fewer where they take their time.
  duration: 20,
  columns: ['conn/s', 'reloads/s', 'reloads', 'failures per million'],
  rows: [
    {
      label: 'plain',
      cases: ['none'],
      ...LOAD,
      printed: { 'conn/s': 55_000, 'reloads/s': 10, reloads: 180, 'failures per million': 155 },
    },
    { label: 'ACKs dropped', cases: ['ack-block'], ...LOAD },
  ],
} satisfies ExperimentFile
