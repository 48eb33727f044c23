import type { CaseFile } from '../../../cases/case.ts'

// The reload itself fails.
export default {
  name: 'reload-fails',
  title: 'Broken on purpose',
  idea: 'The reload itself fails.',
  source: 'the lab: its own tests',
  // A control brings no other case into the run.
  control: 'negative',
  on: { haproxy: { reload: 'haproxy -D -f /there-is-no-such-file -p $PIDFILE -sf $OLD' } },
  expects: [{ resets: 'none', because: 'it never gets so far' }],
  drawbacks: [],
} satisfies CaseFile
