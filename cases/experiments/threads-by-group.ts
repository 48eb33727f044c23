import type { CaseFile } from '../case.ts'
import { COUNT_SOCKETS, inTurn } from '../sockets.ts'
import shards from './shards.ts'

const { reload } = shards.on.haproxy

export default {
  ...shards,
  name: 'threads-by-group',
  title: 'Descriptor passing to fewer thread groups, a socket each',
  idea: 'The new process takes the sockets of the old one; it has 2 groups of threads and 1 in turn, with a socket each.',
  source: 'the lab; HAProxy 2.7, "shards by-group", the default since',
  before: [COUNT_SOCKETS, inTurn('thread-groups 2', 'thread-groups 1')],
  on: {
    haproxy: {
      needs: { from: '2.7' },
      config: { global: ['nbthread 4', 'thread-groups 2'], bind: ['shards by-group'] },
      reload,
    },
  },
} satisfies CaseFile
