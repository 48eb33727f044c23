import type { CaseFile } from '../../../../cases/case.ts'

// The generator is put on the CPU of the proxy once the load runs, and back where it was behind each reload.
export default {
  name: 'generator-moved',
  title: 'A generator that moves',
  idea: 'The generator is moved to the CPU of the proxy and back, so that only its ticks can tell.',
  source: 'the lab: its own tests',
  control: 'positive',
  before: ['taskset -p 0x1 $(pidof load)', 'sleep 1.1'],
  after: ['taskset -p 0x2 $(pidof load)'],
  expects: [{ resets: 'some', because: 'it is the case "none"' }],
  drawbacks: [],
} satisfies CaseFile
