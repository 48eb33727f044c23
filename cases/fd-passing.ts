import type { CaseFile } from './case.ts'
import { KEPT } from './none.ts'

export default {
  name: 'fd-passing',
  title: 'Descriptor passing',
  idea: 'The new process takes the listening sockets of the old one (SCM_RIGHTS); while their number stays, none is closed.',
  source: 'article, section 7; HAProxy 1.8-dev2, "expose-fd listeners" and -x',
  proof: 'reload',
  listeners: 'kept',
  expects: [
    KEPT,
    {
      resets: 'none',
      because:
        'a socket that the new process has a use for outlives the old one: its accept queue is never destroyed; here ' +
        'that is each of them',
    },
  ],
  drawbacks: [
    'the proxy must support it',
    'the stats socket must be reachable, with level admin',
    'passes on listeners, and no connections: kept ones are closed, see the variant idle-close-on-response',
    'a reload to fewer sockets closes those that are left over, with what waits in them: see the variant shards',
  ],
  on: {
    haproxy: {
      needs: { from: '1.8' },
      reload: 'haproxy -D -f $CFG -p $PIDFILE -x $SOCK -sf $OLD',
      adopt: [
        {
          where: 'in haproxy.cfg, section global',
          lines: ['stats socket /run/haproxy.sock mode 600 level admin expose-fd listeners'],
        },
        {
          where: 'the reload',
          lines: ['haproxy -D -f haproxy.cfg -p haproxy.pid -x /run/haproxy.sock -sf $(cat haproxy.pid)'],
        },
      ],
    },
  },
} satisfies CaseFile
