import type { ExperimentFile } from '../experiments.ts'

/** On average: more than the 100 ms of `hard-stop-after`, less than the 480 of `close-spread-time`. */
const PAUSE_MS = 120
const row = (label: string, ...cases: string[]) => ({ label, cases, users: [150], keepAlive: PAUSE_MS })

export default {
  name: 'keep-alive',
  title: 'Connections that are kept',
  question: 'What do connections that pause between two requests lose by a reload, and what keeps them from it?',
  source: 'HAProxy issues 1506 and 3472; passing listeners on passes no connections on',
  proxies: { each: ['haproxy:2.6', 'nginx:1.22'] },
  boots: 1,
  duration: 4,
  interval: 100,
  columns: ['reused resets', 'reused resets a reload', 'reset POSTs', 'empty replies'],
  rows: [
    row('plain', 'none'),
    row('sockets passed', 'fd-passing'),
    row('closed with an answer', 'idle-close-on-response'),
    row('closed with an answer, or at a hard stop', 'hard-stop-after'),
    row('closed over a time', 'close-spread-time'),
    row('reload of nginx', 'nginx-reload'),
  ],
} satisfies ExperimentFile
