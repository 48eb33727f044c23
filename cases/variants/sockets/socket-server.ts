import type { CaseFile } from '../../case.ts'
import fdPassing from '../../fd-passing.ts'

export default {
  ...fdPassing,
  name: 'socket-server',
  title: 'Socket server',
  idea: 'Another process binds the socket once, and hands it to each new HAProxy over a UNIX socket; none ever closes it.',
  source: 'article, section 3, "Socket server again": multibinder (GitHub, 2016); bind fd@, HAProxy 1.5',
  setup: ['binder serve /run/binder.sock $PORT', 'sed -i "s/bind 127.0.0.1:$PORT/bind fd@\\${LISTENER}/" $CFG'],
  expects: [
    {
      resets: 'none',
      because: 'the server holds the socket all the time: its accept queue is never destroyed',
    },
  ],
  drawbacks: [
    'one more program that must never die: with it go all listeners',
    'addresses stand in its configuration, not in that of the proxy',
    'new listeners need privileges where it runs, and not in the proxy',
  ],
  on: {
    haproxy: {
      needs: { from: '1.5' },
      start: 'binder run /run/binder.sock LISTENER haproxy -D -f $CFG -p $PIDFILE',
      reload: 'binder run /run/binder.sock LISTENER haproxy -D -f $CFG -p $PIDFILE -sf $OLD',
    },
  },
} satisfies CaseFile
