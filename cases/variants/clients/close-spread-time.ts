import type { CaseFile } from '../../case.ts'
import fdPassing from '../../fd-passing.ts'
import { OUTLIVES } from './idle-close-on-response.ts'

export default {
  name: 'close-spread-time',
  title: 'Kept connections close over a time',
  idea: 'With its listeners passed on, the old process closes its kept connections one by one over 80 ms.',
  source: 'HAProxy 2.6, "close-spread-time"',
  against: 'fd-passing',
  needs: { exchange: 'keep-alive' },
  proof: OUTLIVES,
  listeners: 'kept',
  price: { short: true },
  expects: [
    {
      resets: 'fewer',
      because:
        'who asks within that time may be told with the answer that the connection closes; the others are closed while ' +
        'they pause, as without it (HAProxy configuration manual, "close-spread-time")',
    },
  ],
  drawbacks: ['the old process lives as long', 'loses fewer, not none'],
  on: {
    haproxy: {
      ...fdPassing.on.haproxy,
      needs: { from: '2.6' },
      config: { global: ['close-spread-time 80ms'] },
    },
  },
} satisfies CaseFile
