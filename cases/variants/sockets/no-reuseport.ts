import type { CaseFile } from '../../case.ts'
import { BLACK_HOLE } from '../../none.ts'

export default {
  name: 'no-reuseport',
  title: 'Reload without SO_REUSEPORT',
  idea: 'The new process cannot bind while the old one listens: it asks it to let go, tries again, and nobody listens meanwhile.',
  source: 'article, section 2: HAProxy 1.2.11 (2006); noreuseport, HAProxy 1.7-dev5',
  needs: { features: ['reuseport'] },
  proof: {
    shows: 'reloads after which no second socket can be bound to the port, SO_REUSEPORT or not',
    read: ['alone $PORT'],
    at: 'reload',
    every: true,
  },
  price: { refused: true },
  // As where the kernel has none.
  expects: [{ ...BLACK_HOLE, lacks: undefined }],
  drawbacks: ['loses and refuses connections at every reload under load'],
  on: { haproxy: { needs: { from: '1.7' }, config: { global: ['noreuseport'] } } },
} satisfies CaseFile
