import type { CaseFile } from '../case.ts'

export default {
  name: 'nginx-test',
  title: 'Test of the configuration (nginx -t)',
  idea: 'Only test the configuration, as one does before a reload: it opens the listening sockets, too.',
  source: 'https://nginx.org/en/docs/switches.html, -t',
  replaces: false,
  proof: 'reload',
  expects: [
    {
      resets: 'none',
      because:
        'under -t SO_REUSEPORT is not set and bind() fails with EADDRINUSE, which the test takes for an answer ' +
        '(ngx_open_listening_sockets): it never joins the group',
    },
  ],
  drawbacks: ['no new configuration'],
  on: { nginx: { config: { listen: ['reuseport'] }, reload: '/sbin/nginx -t -c $CFG' } },
} satisfies CaseFile
