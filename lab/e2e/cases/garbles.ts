import type { CaseFile } from '../../../cases/case.ts'

// Something else writes into the event stream.
export default {
  name: 'garbles',
  title: 'Broken on purpose',
  idea: 'Something else writes into the event stream.',
  source: 'the lab: its own tests',
  // A control brings no other case into the run.
  control: 'negative',
  ready: ['echo "not an event" >/dev/ttyS1'],
  expects: [{ resets: 'none', because: 'it never gets so far' }],
  drawbacks: [],
} satisfies CaseFile
