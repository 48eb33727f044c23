import type { CaseFile } from '../../../cases/case.ts'

// Needs a feature of which Linux 5.10 has the sysctl only, from 5.10.188 on.
export default {
  name: 'no-migration',
  title: 'Broken on purpose',
  idea: 'It needs a feature of which Linux 5.10 has only the sysctl.',
  source: "the lab's own tests",
  // A control adds no other case to the run.
  control: 'negative',
  needs: { features: ['migration'] },
  expects: [{ resets: 'none', because: 'it never gets that far' }],
  drawbacks: [],
} satisfies CaseFile
