import type { CaseFile } from '../case.ts'
import { KEPT_NGINX } from '../none.ts'

export default {
  name: 'nginx-reload',
  title: 'Reload (HUP)',
  idea: 'The master keeps its listening socket and starts new workers on it; the old ones finish what they have.',
  source: 'https://nginx.org/en/docs/control.html, "Changing Configuration"',
  proof: 'reload',
  listeners: 'kept',
  expects: [
    KEPT_NGINX,
    { resets: 'none', because: 'the master holds the socket all the time: its accept queue is never destroyed' },
  ],
  drawbacks: ['none under this load; the address of a listener cannot change without a new one'],
  adopt: [{ where: 'the reload', lines: ['nginx -s reload'] }],
  everyday: 'systemctl reload nginx',
  on: { nginx: {} },
} satisfies CaseFile
