import type { CaseFile } from './case.ts'

export default {
  name: 'fd-passing',
  title: 'Descriptor passing',
  idea: 'The new process takes the listening sockets of the old one (SCM_RIGHTS), so no listener is ever closed.',
  source: 'article, section 7; HAProxy 1.8-dev2, "expose-fd listeners" and -x',
  proof: 'kept-listener',
  expects: [{ resets: 'none', because: 'the socket outlives the process: its accept queue is never destroyed' }],
  drawbacks: ['the proxy must support it', 'the stats socket must be reachable, with level admin'],
  on: { haproxy: { needs: { from: '1.8' }, reload: 'haproxy -D -f $CFG -p $PIDFILE -x $SOCK -sf $OLD' } },
} satisfies CaseFile
