import type { CaseFile } from '../../case.ts'
import fdPassing from '../../fd-passing.ts'

/** That the old process has outlived its listeners: by default it closes what pauses at once, and has gone by then. */
export const OUTLIVES: CaseFile['proof'] = {
  shows: 'reloads 5 ms after which the old process still had 5 sockets or more, and no listener',
  read: [
    'closed $OLD $PORT',
    'sleep 0.005',
    '[ $(ls -l /proc/$OLD/fd 2>&- | grep -c socket:) -ge 5 ] && echo 1 || echo 0',
  ],
  at: 'reload',
}

const OPTION = 'option idle-close-on-response'

export default {
  name: 'idle-close-on-response',
  title: 'Kept connections close with an answer',
  idea: 'With its listeners passed on, the old process closes a kept connection only with its next answer, which says so.',
  source: 'HAProxy 2.5, "option idle-close-on-response" (issue 1506); asked again in issue 3472',
  against: 'fd-passing',
  needs: { exchange: 'keep-alive' },
  proof: OUTLIVES,
  listeners: 'kept',
  expects: [
    {
      resets: 'none',
      because:
        'a connection that pauses stays, and its next request is answered with "Connection: close": no request can cross ' +
        'the close',
    },
  ],
  drawbacks: [
    'the old process lives, with its old configuration, until the last client has asked again or "timeout client" is over',
    '"hard-stop-after" bounds that, and resets those who ask as it ends: see the variant hard-stop-after',
  ],
  on: {
    haproxy: {
      ...fdPassing.on.haproxy,
      needs: { from: '2.5' },
      config: { defaults: [OPTION] },
      adopt: [{ where: 'in haproxy.cfg, section defaults', lines: [OPTION] }, ...fdPassing.on.haproxy.adopt],
    },
  },
} satisfies CaseFile
