import type { CaseFile } from '../case.ts'
import { KEPT_NGINX } from '../none.ts'

export default {
  name: 'nginx-upgrade',
  title: 'Upgrade of the program (USR2, QUIT)',
  idea: 'The old master starts the new program, which inherits the listening sockets; then the old one is told to quit.',
  source: 'https://nginx.org/en/docs/control.html, "Upgrading Executable on the Fly"',
  before: ['cat $PIDFILE >/tmp/master'],
  // A master that has not quit yet starts no other.
  after: ['while [ -e $PIDFILE.oldbin ]; do sleep 0.01; done'],
  listeners: 'kept',
  // A reload by HUP has new workers and the same sockets, too.
  proof: {
    shows: 'reloads that brought a new master',
    read: ['echo $(($(cat $PIDFILE) != $(cat /tmp/master)))'],
    at: 'reload',
    every: true,
  },
  expects: [
    KEPT_NGINX,
    { resets: 'none', because: 'the new master holds the socket before the old one closes its own descriptor' },
  ],
  drawbacks: ['two programs run side by side until the old one has finished what it has'],
  on: {
    nginx: {
      reload:
        'kill -USR2 $(cat $PIDFILE); until [ -s $PIDFILE.oldbin ] && [ -s $PIDFILE ]; do sleep 0.01; done; ' +
        'kill -QUIT $(cat $PIDFILE.oldbin)',
    },
  },
} satisfies CaseFile
