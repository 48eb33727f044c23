import type { CaseFile } from '../../../cases/case.ts'

// The reload itself fails.
export default {
  name: 'reload-fails',
  title: 'Broken on purpose',
  idea: 'The reload itself fails.',
  source: "the lab's own tests",
  // A control adds no other case to the run.
  control: 'negative',
  reload: 'haproxy -D -f /there-is-no-such-file -p $PIDFILE -sf $OLD',
  expects: [{ resets: 'none', because: 'it never gets that far' }],
  drawbacks: [],
} satisfies CaseFile
