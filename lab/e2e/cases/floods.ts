import type { CaseFile } from '../../../cases/case.ts'

/** Says without end what nobody wants to know. */
export default {
  name: 'floods',
  title: 'Floods its console',
  idea: 'Its setup prints for ever.',
  source: 'made up',
  setup: ['line=$(printf %01000d 0); while :; do echo $line; done'],
  expects: [{ resets: 'none', because: 'it never comes to that' }],
  drawbacks: ['it never ends'],
} satisfies CaseFile
