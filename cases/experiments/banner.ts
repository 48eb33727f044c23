import type { ExperimentFile } from '../experiments.ts'

/** So many that a plain reload loses some; where all hang, they come again when they give up. */
const row = (label: string, ...cases: string[]) => ({ label, cases, users: [80], banner: true as const })

export default {
  name: 'banner',
  title: 'Where the server speaks first',
  question: 'Whose clients hang, and whose are reset, when a proxy of a banner protocol reloads?',
  source:
    'article, section 6: "never apply this rule on a port designed for banner protocol"; that delayed ACKs do it less harm is its closing idea',
  proxies: { first: ['haproxy:2.6', 'haproxy:*'] },
  boots: 1,
  duration: 4,
  interval: 100,
  columns: ['failures per million', 'slow', 'p50 ms', 'p99 ms', 'conn/s'],
  rows: [
    row('plain', 'none'),
    row('sockets passed', 'fd-passing'),
    row('ACKs dropped', 'ack-block'),
    row('ACKs dropped only while it reloads', 'ack-block-during'),
    row('ACKs delayed', 'ack-delay'),
    row('SYNs delayed', 'syn-delay'),
  ],
} satisfies ExperimentFile
