import type { CaseFile } from '../../case.ts'
import { BLACK_HOLE } from '../../none.ts'

export default {
  name: 'restart',
  title: 'Restart (-st)',
  idea: 'The new process tells the old one to end at once (-st), with the connections that it has, and not when they are over.',
  source: 'article, section 8, "Restarting HAProxy"',
  proof: {
    shows: 'connections that a process closed with a request unread (TcpExtTCPAbortOnClose)',
    read: ['counter TcpExtTCPAbortOnClose'],
    at: 'end',
  },
  price: { short: true },
  expects: [
    BLACK_HOLE,
    {
      resets: 'some',
      because:
        'close() of a listener resets every connection in its accept queue (inet_csk_listen_stop), and an end of the ' +
        'process each one that it has accepted and whose request it has not read (tcp_close)',
    },
  ],
  drawbacks: [
    'loses what waits, as a plain reload does, and what was accepted, too: a long download is cut in the middle',
  ],
  on: { haproxy: { reload: 'haproxy -D -f $CFG -p $PIDFILE -st $OLD' } },
} satisfies CaseFile
