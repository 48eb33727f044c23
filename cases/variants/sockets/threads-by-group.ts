import type { CaseFile } from '../../case.ts'
import shards, { fewer } from './shards.ts'

const { reload } = shards.on.haproxy

export default {
  ...shards,
  name: 'threads-by-group',
  title: 'Descriptor passing to fewer thread groups, a socket each',
  idea: 'The new process takes the sockets of the old one: from 2 groups of threads, with a socket each, to 1.',
  source: 'the lab; HAProxy 2.7, "shards by-group", the default since',
  ...fewer('thread-groups 2', 'thread-groups 1'),
  on: {
    haproxy: {
      needs: { from: '2.7' },
      config: { global: ['nbthread 4', 'thread-groups 2'], bind: ['shards by-group'] },
      reload,
    },
  },
} satisfies CaseFile
