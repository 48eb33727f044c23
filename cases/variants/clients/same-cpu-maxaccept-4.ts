import type { CaseFile } from '../../case.ts'
import { BLACK_HOLE } from '../../none.ts'
import sameCpu from './same-cpu.ts'

export default {
  ...sameCpu,
  name: 'same-cpu-maxaccept-4',
  title: 'Generator on the CPU of the proxy, maxaccept 4',
  idea: 'The same as on one CPU, with the default of HAProxy 2.4 and later: at most 4 connections are accepted in a turn.',
  source: 'the lab; HAProxy commit 66161326f (2.4-dev9), which made maxaccept 4',
  on: { haproxy: { config: { global: ['tune.maxaccept 4'] } } },
  expects: [
    BLACK_HOLE,
    {
      resets: 'fewer',
      because:
        'what is beyond 4 connections may wait in the accept queue when the old listener closes (inet_csk_listen_stop), ' +
        'but clients that wait add nothing to it, so that the proxy empties it within its turn of the CPU',
    },
  ],
} satisfies CaseFile
