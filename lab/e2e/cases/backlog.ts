import type { CaseFile } from '../../../cases/case.ts'

// Fails on a kernel with less room for waiting connections or packets than a recent one.
export default {
  name: 'backlog',
  title: 'Room for connections',
  idea: 'All kernels have the same room for waiting connections.',
  source: "the lab's own tests",
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
