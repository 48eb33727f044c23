import type { ExperimentFile } from '../experiments.ts'
import { HALF, HALF_SHARE } from '../half.ts'

const row = (label: string, ...cases: string[]) => ({ label, cases, ...HALF_SHARE })

export default {
  ...HALF,
  name: 'nginx',
  title: 'nginx, which keeps its sockets',
  question: 'Does nginx lose nothing when it reloads, or when its program is upgraded?',
  source: 'https://nginx.org/en/docs/control.html; article, section 3: the same problem with SO_REUSEPORT in nginx',
  proxies: { first: ['nginx:1.22', 'nginx:*'] },
  columns: ['conn/s', 'reloads', 'failures per million', 'p99 ms', 'max ms'],
  rows: [
    row('stop and start', 'none'),
    row('reload', 'nginx-reload'),
    row('upgrade', 'nginx-upgrade'),
    row('reload with a socket a worker', 'nginx-reload-reuseport'),
    row('reload to fewer workers, a socket each', 'nginx-workers'),
  ],
} satisfies ExperimentFile
