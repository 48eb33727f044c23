import type { CaseFile } from '../case.ts'
import reload from './reload.ts'

export default {
  ...reload,
  name: 'nginx-reload-reuseport',
  title: 'Reload (HUP) with reuseport',
  idea: 'Each worker has a listening socket of its own, which the master keeps over the reload.',
  source: 'https://nginx.org/en/docs/http/ngx_http_core_module.html#listen; nginx 1.9.1',
  needs: { features: ['reuseport'] },
  drawbacks: ['the number of workers must stay as it is: see nginx-workers'],
  // Several: of one socket alone it would be the reload without reuseport.
  on: { nginx: { config: { main: ['worker_processes 2;'], listen: ['reuseport'] } } },
} satisfies CaseFile
