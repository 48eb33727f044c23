import type { CaseFile } from '../../../cases/case.ts'

// Somebody sets the clock before each reload: back and forth by turns, as NTP may.
export default {
  name: 'clock-set',
  title: 'The clock is set',
  idea: 'A plain reload, before which the clock is set.',
  source: "the lab's own tests",
  control: 'positive',
  before: ['date -s @$(($(date +%s) + ($(date +%s) % 2 ? -40 : 41))) >&2'],
  expects: [{ resets: 'some', because: 'it is a plain reload' }],
  drawbacks: [],
} satisfies CaseFile
