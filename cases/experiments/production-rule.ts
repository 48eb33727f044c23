import { ARTICLE, ARTICLE_LOAD, PLAIN } from '../article.ts'
import type { ExperimentFile } from '../experiments.ts'

export default {
  ...ARTICLE,
  name: 'production-rule',
  title: "The article's rule for production",
  question: 'Does the rule that the article gives its readers keep connections from being reset?',
  source: 'article, section 6: the iptables rule with u32, which it prints no run of',
  rows: [
    PLAIN,
    { label: 'length 52, section 5', cases: ['ack-block'], ...ARTICLE_LOAD },
    { label: 'u32, always', cases: ['ack-block-u32'], ...ARTICLE_LOAD },
    { label: 'only while it reloads', cases: ['ack-block-during'], ...ARTICLE_LOAD },
  ],
} satisfies ExperimentFile
