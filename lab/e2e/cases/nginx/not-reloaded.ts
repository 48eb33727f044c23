import type { CaseFile } from '../../../../cases/case.ts'

// Nobody tells nginx to reload, and the same workers go on.
export default {
  name: 'not-reloaded',
  title: 'Broken on purpose',
  idea: 'Nobody tells nginx to reload, and the same workers go on.',
  source: 'the lab: its own tests',
  // A control brings no other case into the run.
  control: 'negative',
  expects: [{ resets: 'none', because: 'it never gets so far' }],
  drawbacks: [],
  on: { nginx: { reload: 'true' } },
} satisfies CaseFile
