import type { CaseFile } from '../../case.ts'
import twoStep from '../../two-step.ts'

export default {
  name: 'shutdown-before-close',
  title: 'The old listener shut down before it closes',
  idea: 'Shut the old listener down, so that it gets nothing more; let the old process accept what waits, then tell it to go.',
  source:
    'article, section 3, "Changing socket\'s score": "shutting down the sockets before a close and have a drain mode"',
  needs: { features: ['reuseport'] },
  // The new process takes the path of the stats socket; under this name the old one still answers.
  before: ['ln -f $SOCK /run/old.sock'],
  after: ['sleep 0.02', 'kill -USR1 $OLD'],
  proof: {
    shows: 'old processes that run and have no listener any more',
    read: ['closed $OLD $PORT', 'kill -0 $OLD && echo 1'],
    at: 'reload',
    every: true,
  },
  expects: [
    {
      resets: 'some',
      because:
        'shutdown() of a listener is tcp_disconnect (inet_shutdown): inet_csk_listen_stop resets what waits, as close() ' +
        'does, and nothing is left to be drained',
    },
  ],
  drawbacks: ['loses connections at every reload under load, as a plain reload does'],
  on: {
    haproxy: { needs: { from: '1.8' }, reload: `${twoStep.on.haproxy.reload} && tamper /run/old.sock $PORT shutdown` },
  },
} satisfies CaseFile
