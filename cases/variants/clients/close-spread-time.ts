import type { CaseFile } from '../../case.ts'
import fdPassing from '../../fd-passing.ts'
import { OUTLIVES } from './idle-close-on-response.ts'

const SPREAD = 'close-spread-time 480ms'

export default {
  name: 'close-spread-time',
  title: 'Kept connections close over a time',
  idea: 'With its listeners passed on, the old process closes its kept connections one by one over 480 ms.',
  source: 'HAProxy 2.6, "close-spread-time"',
  against: 'fd-passing',
  needs: { exchange: 'keep-alive' },
  proof: OUTLIVES,
  listeners: 'kept',
  price: { short: true, other: true },
  expects: [
    {
      resets: 'fewer',
      because:
        'who asks within that time may be told with the answer that the connection closes; the others are closed while ' +
        'they pause, as without it (HAProxy configuration manual, "close-spread-time")',
    },
  ],
  drawbacks: [
    'the old process lives as long',
    'loses fewer, not none',
    'in a slow guest HAProxy 2.6.12 answers 408 to connections that have just come and whose first request is under way',
  ],
  on: {
    haproxy: {
      ...fdPassing.on.haproxy,
      needs: { from: '2.6' },
      config: { global: [SPREAD] },
      adopt: [{ where: 'in haproxy.cfg, section global', lines: [SPREAD] }, ...fdPassing.on.haproxy.adopt],
    },
  },
} satisfies CaseFile
