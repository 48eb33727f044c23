import type { CaseFile } from '../case.ts'
import fdPassing from '../fd-passing.ts'
import { COUNT_SOCKETS, FEWER_SOCKETS, inTurn } from '../sockets.ts'

const { reload } = fdPassing.on.haproxy

export default {
  name: 'shards',
  title: 'Descriptor passing to fewer sockets',
  idea: 'The new process takes the sockets of the old one, and fewer of them: 4 shards and 1 in turn.',
  source: 'the lab; HAProxy 2.5, "shards" of bind; tune.listener.default-shards',
  needs: { features: ['reuseport'] },
  before: [COUNT_SOCKETS, inTurn('shards 4', 'shards 1')],
  proof: FEWER_SOCKETS,
  expects: [
    {
      resets: 'some',
      because:
        'a socket that was passed and that the new configuration has no use for closes with what waits in it ' +
        '(inet_csk_listen_stop)',
    },
  ],
  drawbacks: ['loses connections at each reload with fewer sockets, descriptor passing or not'],
  on: {
    haproxy: { needs: { from: '2.5' }, config: { global: ['nbthread 4'], bind: ['shards 4'] }, reload },
  },
} satisfies CaseFile
