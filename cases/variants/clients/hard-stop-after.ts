import type { CaseFile } from '../../case.ts'
import idleCloseOnResponse, { OUTLIVES } from './idle-close-on-response.ts'

const LIMIT = 'hard-stop-after 100ms'

export default {
  name: 'hard-stop-after',
  title: 'Kept connections close with an answer, or at a hard stop',
  idea: 'The old process waits for the next request of its kept connections, but no longer than clients pause.',
  source: 'HAProxy 1.8, "hard-stop-after"',
  against: 'fd-passing',
  needs: { exchange: 'keep-alive' },
  proof: OUTLIVES,
  listeners: 'kept',
  price: { short: true },
  expects: [
    {
      resets: 'fewer',
      because:
        'who asks within 100 ms is told with the answer that the connection closes; the rest are closed all at once as the ' +
        'process ends, and only what crosses that moment is lost',
    },
  ],
  drawbacks: ['must be longer than clients pause: it moves the loss from the reload to its own end'],
  on: {
    haproxy: {
      ...idleCloseOnResponse.on.haproxy,
      config: { ...idleCloseOnResponse.on.haproxy.config, global: [LIMIT] },
      adopt: [{ where: 'in haproxy.cfg, section global', lines: [LIMIT] }, ...idleCloseOnResponse.on.haproxy.adopt],
    },
  },
} satisfies CaseFile
