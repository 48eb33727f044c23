import type { ExperimentFile } from '../experiments.ts'

/** `ab -r -c 10 -n 2000`. What the article prints is of one run each, with about one reload. */
const RUN = { users: [10] }
const printed = (failed: number, length: number, exceptions: number) => ({
  'ab runs': 1,
  complete: 2000,
  failed,
  connect: 0,
  receive: 0,
  length,
  exceptions,
})

export default {
  name: 'https',
  title: 'ab over HTTPS: restart, reload, socket transfer',
  question: 'Does ab fail no request over HTTPS when the new process takes the listening sockets of the old one?',
  source: 'article, section 8: ab -r -c 10 -n2000 https://127.0.0.1/',
  // The article's 1.8 does not compile against an OpenSSL of today.
  proxies: { first: ['haproxy:2.6'] },
  boots: 1,
  duration: 20,
  // The article reloads every 3 s. So few reloads would tell nothing apart, as most of the plain ones lose nothing.
  interval: 400,
  columns: ['ab runs', 'complete', 'failed', 'connect', 'receive', 'length', 'exceptions', 'reloads'],
  rows: [
    { label: 'restart (-st)', cases: ['ab-restart'], ...RUN, printed: printed(11, 9, 2) },
    { label: 'reload (-sf)', cases: ['ab-reload'], ...RUN, printed: printed(1, 1, 0) },
    { label: 'reload with socket transfer (-x -sf)', cases: ['ab-transfer'], ...RUN, printed: printed(0, 0, 0) },
    { label: 'plain reload, HTTP without ab', cases: ['none'], ...RUN },
  ],
} satisfies ExperimentFile
