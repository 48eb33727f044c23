import type { CaseFile } from './case.ts'
import { KEPT } from './none.ts'

export default {
  name: 'two-step',
  title: 'Reload in two steps',
  idea: 'Start the new process, and tell the old one to go only later: resets at the bind and at the close come apart.',
  source: 'the lab; the kernels of the article differ in this (__inet_lookup_listener, 3.9; inet_ehash_insert, 4.4)',
  needs: { features: ['reuseport'] },
  after: ['sleep 0.05', 'kill -USR1 $OLD', 'closed $OLD $PORT'],
  proof: 'reload',
  expects: [
    KEPT,
    {
      resets: 'some',
      because:
        'the close resets what waits in the accept queue; up to 4.3 the bind resets, too: each packet is hashed ' +
        'over the listeners anew, so the ACK of a half-open connection may meet the one that does not know it',
    },
  ],
  drawbacks: ['loses connections at every reload under load'],
  on: { haproxy: { reload: 'haproxy -D -f $CFG -p $PIDFILE' } },
} satisfies CaseFile
