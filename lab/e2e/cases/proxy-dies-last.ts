import type { CaseFile } from '../../../cases/case.ts'

// The proxy dies and no reload notices.
export default {
  name: 'proxy-dies-last',
  title: 'Broken on purpose',
  idea: 'The proxy dies and no reload notices.',
  source: 'the lab: its own tests',
  // A control brings no other case into the run.
  control: 'negative',
  reload: false,
  ready: ['(sleep 1.5; kill -9 $(cat $PIDFILE)) &'],
  expects: [{ resets: 'none', because: 'it never gets so far' }],
  drawbacks: [],
} satisfies CaseFile
