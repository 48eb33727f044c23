import type { CaseFile } from '../../case.ts'
import fdPassing from '../../fd-passing.ts'

const { reload } = fdPassing.on.haproxy

/**
 * Reloads from one line of the configuration to another, with fewer sockets, again and again: ahead of each a reload that
 * only adds sockets, which loses nothing, takes it back. What is lost meanwhile counts as lost in the pause before the
 * reload, and a cell that loses there is not believed. The first reload finds the larger number.
 */
export const fewer = (from: string, to: string) => ({
  prepare: [`grep -q "${from}" $CFG && exit`, `sed -i "s/${to}/${from}/" $CFG`, reload, 'closed $OLD $PORT'],
  before: [`sed -i "s/${from}/${to}/" $CFG`],
})

export default {
  name: 'shards',
  title: 'Descriptor passing to fewer sockets',
  idea: 'The new process takes the sockets of the old one, and fewer of them: from 4 shards to 1.',
  source: 'the lab; HAProxy 2.5, "shards" of bind; tune.listener.default-shards',
  needs: { features: ['reuseport'] },
  ...fewer('shards 4', 'shards 1'),
  proof: 'reload',
  listeners: 'fewer',
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
