import type { CaseFile } from '../case.ts'
import { COUNT_SOCKETS, inTurn } from '../sockets.ts'
import shards from './shards.ts'

const { reload } = shards.on.haproxy

export default {
  ...shards,
  name: 'threads-by-thread',
  title: 'Descriptor passing to fewer threads, a socket each',
  idea: 'The new process takes the sockets of the old one; it has 4 threads and 2 in turn, with a socket each.',
  source: 'the lab; HAProxy 2.5, "shards by-thread"',
  before: [COUNT_SOCKETS, inTurn('nbthread 4', 'nbthread 2')],
  on: {
    haproxy: { needs: { from: '2.5' }, config: { global: ['nbthread 4'], bind: ['shards by-thread'] }, reload },
  },
} satisfies CaseFile
