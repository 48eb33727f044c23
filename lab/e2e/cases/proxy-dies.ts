import type { CaseFile } from '../../../cases/case.ts'

// The new proxy dies between two reloads.
export default {
  name: 'proxy-dies',
  title: 'Broken on purpose',
  idea: 'The new proxy dies between two reloads.',
  source: "the lab's own tests",
  // A control adds no other case to the run.
  control: 'negative',
  after: ['! pidof load || kill -9 $NEW'],
  expects: [{ resets: 'none', because: 'it never gets that far' }],
  drawbacks: [],
} satisfies CaseFile
