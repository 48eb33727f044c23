import type { CaseFile } from '../../case.ts'
import fdPassing from '../../fd-passing.ts'
import shards from './shards.ts'

export default {
  ...fdPassing,
  name: 'shards-kept',
  title: 'Descriptor passing to as many sockets',
  idea: 'As in the variant shards, from 4 shards to 4: does it lose because of the sockets that close?',
  source: 'the lab; HAProxy 2.5, "shards" of bind',
  needs: { features: ['reuseport'] },
  drawbacks: ['none: it shows what shards alone does'],
  on: { haproxy: shards.on.haproxy },
} satisfies CaseFile
