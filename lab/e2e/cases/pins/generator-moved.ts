import type { CaseFile } from '../../../../cases/case.ts'

// Before each reload under load the generator moves to the proxy's CPU, and after it back again.
export default {
  name: 'generator-moved',
  title: 'A generator that moves',
  idea: "The generator moves to the proxy's CPU and back, so only its ticks can show it.",
  source: "the lab's own tests",
  control: 'positive',
  before: ['! pidof load || { taskset -p 0x1 $(pidof load); sleep 1.1; }'],
  after: ['! pidof load || taskset -p 0x2 $(pidof load)'],
  expects: [{ resets: 'some', because: 'it is the case "none"' }],
  drawbacks: [],
} satisfies CaseFile
