import type { ExperimentFile } from '../experiments.ts'

const row = (label: string, ...cases: string[]) => ({ label, cases, users: [20] })
/** Of the 2,000 requests that ab made: so many failed. */
const printed = (failed: number) => ({ printed: { 'failures per million': (1e6 * failed) / 2000 } })

export default {
  name: 'transfer',
  title: 'Ways to keep the socket open',
  question:
    'Does every way of passing the listening socket on lose nothing, where restarts and plain reloads lose some?',
  source: 'article, sections 7 and 8: ab -c 10 -n 2000, there with TLS, and one reload each 3 s',
  proxies: { first: ['haproxy:2.6', 'haproxy:*'] },
  boots: 1,
  duration: 4,
  interval: 100,
  columns: ['failures per million', 'reloads', 'p99 ms', 'max ms', 'conn/s'],
  rows: [
    { ...row('restart', 'restart'), ...printed(11) },
    { ...row('plain', 'none'), ...printed(1) },
    { ...row('sockets passed', 'fd-passing'), ...printed(0) },
    row('300 sockets passed', 'fd-passing-many'),
    row('master-worker mode', 'master-worker'),
    row('socket server', 'socket-server'),
    row('socket activation', 'socket-activation'),
    row('without SO_REUSEPORT', 'no-reuseport'),
  ],
} satisfies ExperimentFile
