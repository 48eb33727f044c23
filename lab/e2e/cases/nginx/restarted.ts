import type { CaseFile } from '../../../../cases/case.ts'

// The configuration is only tested, and the workers are replaced all the same.
export default {
  name: 'restarted',
  title: 'Broken on purpose',
  idea: 'The configuration is only tested, and the workers are replaced all the same.',
  source: 'the lab: its own tests',
  // A control brings no other case into the run.
  control: 'negative',
  replaces: false,
  before: ['kill -HUP $(cat $PIDFILE)', 'sleep 0.5'],
  expects: [{ resets: 'none', because: 'it never gets so far' }],
  drawbacks: [],
  on: { nginx: { reload: '/sbin/nginx -t -c $CFG' } },
} satisfies CaseFile
