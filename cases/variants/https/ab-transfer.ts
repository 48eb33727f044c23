import type { CaseFile } from '../../case.ts'
import abReload from './ab-reload.ts'

export default {
  ...abReload,
  name: 'ab-transfer',
  title: 'ab over HTTPS, reload with socket transfer (-x -sf)',
  idea: 'ab makes the load over HTTPS, as in the article; the new process takes the listening sockets of the old one.',
  source: 'article, section 8, "Reloading HAProxy with transferring sockets between HAProxy instances"',
  against: 'ab-reload',
  listeners: 'kept',
  expects: [
    {
      resets: 'none',
      because: 'a socket that the new process has a use for outlives the old one: its accept queue is never destroyed',
    },
  ],
  drawbacks: ['the proxy must support it'],
  on: { haproxy: { ...abReload.on.haproxy, reload: 'haproxy -D -f $CFG -p $PIDFILE -x $SOCK -sf $OLD' } },
} satisfies CaseFile
