import type { CaseFile } from '../../../../cases/case.ts'

// Each reload under load starts the new proxy on any CPU.
export default {
  name: 'proxy-set-free',
  title: 'A proxy without its pin',
  idea: 'The reload starts the new proxy on any CPU.',
  source: "the lab's own tests",
  control: 'positive',
  on: {
    haproxy: { reload: 'taskset $(pidof load >&2 && echo 0x3 || echo 0x1) haproxy -D -f $CFG -p $PIDFILE -sf $OLD' },
  },
  expects: [{ resets: 'some', because: 'it is the case "none"' }],
  drawbacks: [],
} satisfies CaseFile
