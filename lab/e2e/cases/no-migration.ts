import type { CaseFile } from '../../../cases/case.ts'

// It needs what Linux 5.10 has as a sysctl only, from 5.10.188 on.
export default {
  name: 'no-migration',
  title: 'Broken on purpose',
  idea: 'It needs what Linux 5.10 has as a sysctl only.',
  source: 'the lab: its own tests',
  // A control brings no other case into the run.
  control: 'negative',
  needs: { features: ['migration'] },
  expects: [{ resets: 'none', because: 'it never gets so far' }],
  drawbacks: [],
} satisfies CaseFile
