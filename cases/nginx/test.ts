import type { CaseFile } from '../case.ts'

export default {
  name: 'nginx-test',
  title: 'Test of the configuration (nginx -t)',
  idea: 'Only test the configuration, as one does before a reload: it opens the listening sockets, too.',
  source: 'https://nginx.org/en/docs/switches.html, -t',
  needs: { features: ['reuseport'] },
  replaces: false,
  listeners: 'kept',
  before: [': >/tmp/said'],
  proof: {
    shows: 'tests that nginx calls successful',
    read: ["grep -c 'test is successful' /tmp/said || true"],
    at: 'reload',
    every: true,
  },
  expects: [
    {
      resets: 'none',
      because:
        'under -t SO_REUSEPORT is not set and bind() fails with EADDRINUSE, which the test takes for an answer ' +
        '(ngx_open_listening_sockets): it never joins the group',
    },
  ],
  drawbacks: ['no new configuration'],
  on: {
    nginx: {
      // Before, the test sets SO_REUSEPORT, and joins the group for a moment (ticket 1300).
      needs: { from: '1.13.4' },
      config: { listen: ['reuseport'] },
      reload: '/sbin/nginx -t -c $CFG 2>/tmp/said || { cat /tmp/said; false; }',
    },
  },
} satisfies CaseFile
