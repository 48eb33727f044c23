import type { CaseFile } from '../../../cases/case.ts'

// Fails where an accept queue or the SYN_RECVs of a listener have less room than on a kernel of today, or packets drop.
export default {
  name: 'backlog',
  title: 'Room for connections',
  idea: 'All kernels have room for as many connections that wait.',
  source: 'the lab: its own tests',
  control: 'negative',
  setup: [
    '[ $(cat /proc/sys/net/core/somaxconn) -ge 4096 ]',
    '[ $(cat /proc/sys/net/ipv4/tcp_max_syn_backlog) -ge 4096 ]',
    '[ $(cat /proc/sys/net/core/netdev_max_backlog) -gt 1000 ]',
  ],
  reload: false,
  expects: [{ resets: 'none', because: 'no listener is ever closed' }],
  drawbacks: [],
} satisfies CaseFile
