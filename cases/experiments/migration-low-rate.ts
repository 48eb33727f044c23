import type { ExperimentFile } from '../experiments.ts'

/** The next connection, which wakes the listener, comes half a second later, 100 ms, or 20 ms. */
const RATES = [2, 10, 50]
const row = (label: string, ...cases: string[]) => ({ label, cases, rates: RATES })

export default {
  name: 'migration-low-rate',
  title: 'Migration at a low rate',
  question: 'Does a connection that the kernel moves to another listener sleep there until the next one arrives?',
  source:
    'Linux 3864c6ba1e04: the listener is woken, in 5.15.209, 6.1.175, 6.6.140, 6.12.86, 6.18.27 and 7.0.4; before, one that was moved takes longer than the stop',
  proxies: { first: ['haproxy:2.6', 'haproxy:*'] },
  boots: 1,
  duration: 6,
  interval: 20,
  columns: ['proof', 'p50 ms', 'p99 ms', 'max ms', 'slow', 'reloads', 'failures per million'],
  rows: [
    row('plain', 'none'),
    // At such rates hardly anything waits at a close by itself.
    row('stopped for 150 ms', 'stopped'),
    row('stopped and moved', 'stopped-migration'),
  ],
} satisfies ExperimentFile
