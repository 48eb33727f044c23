import type { CaseFile } from '../../../../cases/case.ts'

// It is for a proxy that there is not, and adds to a section that there is not.
export default {
  name: 'no-such-proxy',
  title: 'Broken on purpose',
  idea: 'It is for a proxy that there is not.',
  source: 'the lab: its own tests',
  control: 'negative',
  expects: [{ resets: 'none', because: 'it never gets so far' }],
  drawbacks: [],
  on: { ngnix: {}, nginx: { config: { server: ['x'] } } },
} satisfies CaseFile
