import type { CaseFile } from '../../case.ts'
import { BLACK_HOLE } from '../../none.ts'
import abReload from './ab-reload.ts'

export default {
  ...abReload,
  name: 'ab-restart',
  title: 'ab over HTTPS, restart (-st)',
  idea: 'ab makes the load over HTTPS, as in the article; the new process tells the old one to end at once.',
  source: 'article, section 8, "Restarting HAProxy"',
  against: 'ab-reload',
  price: { ...abReload.price, short: true, timeouts: true, other: true },
  expects: [
    BLACK_HOLE,
    {
      resets: 'more',
      because:
        'close() of a listener resets every connection in its accept queue (inet_csk_listen_stop), and an end of the ' +
        'process each one of which it has something left to read (tcp_close); the others end in the middle',
    },
  ],
  drawbacks: ['loses what waits and what is under way; ab may hang behind it, and end without its numbers'],
  on: { haproxy: { ...abReload.on.haproxy, reload: 'haproxy -D -f $CFG -p $PIDFILE -st $OLD' } },
} satisfies CaseFile
