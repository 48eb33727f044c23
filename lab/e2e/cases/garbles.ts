import type { CaseFile } from '../../../cases/case.ts'

// Another program writes into the event stream.
export default {
  name: 'garbles',
  title: 'Broken on purpose',
  idea: 'Another program writes into the event stream.',
  source: "the lab's own tests",
  // A control adds no other case to the run.
  control: 'negative',
  ready: ['echo "not an event" >/dev/ttyS1'],
  expects: [{ resets: 'none', because: 'it never gets that far' }],
  drawbacks: [],
} satisfies CaseFile
