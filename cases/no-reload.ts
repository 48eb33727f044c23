import type { CaseFile } from './case.ts'

export default {
  name: 'no-reload',
  title: 'No reload',
  idea: 'The same load with no reload at all: a reset here would be an artefact of the lab.',
  source: 'the lab: its negative control',
  control: 'negative',
  reload: false,
  expects: [{ resets: 'none', because: 'no listener is ever closed' }],
  drawbacks: ['no new configuration'],
} satisfies CaseFile
