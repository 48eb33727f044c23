import type { CaseFile } from '../../../cases/case.ts'

// The proxy dies and no reload notices.
export default {
  name: 'proxy-dies-last',
  title: 'Broken on purpose',
  idea: 'The proxy dies and no reload notices.',
  source: "the lab's own tests",
  // A control adds no other case to the run.
  control: 'negative',
  reload: false,
  ready: ['(sleep 1.5; kill -9 $(cat $PIDFILE)) &'],
  expects: [{ resets: 'none', because: 'it never gets that far' }],
  drawbacks: [],
} satisfies CaseFile
