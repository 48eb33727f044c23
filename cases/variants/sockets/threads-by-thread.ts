import type { CaseFile } from '../../case.ts'
import shards, { fewer } from './shards.ts'

const { reload } = shards.on.haproxy

export default {
  ...shards,
  name: 'threads-by-thread',
  title: 'Descriptor passing to fewer threads, a socket each',
  idea: 'The new process takes the sockets of the old one: from 4 threads, with a socket each, to 2.',
  source: 'the lab; HAProxy 2.5, "shards by-thread"',
  ...fewer('nbthread 4', 'nbthread 2'),
  on: {
    haproxy: { needs: { from: '2.5' }, config: { global: ['nbthread 4'], bind: ['shards by-thread'] }, reload },
  },
} satisfies CaseFile
