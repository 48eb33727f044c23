import type { CaseFile } from '../../../../cases/case.ts'

// Each reload starts the new proxy on any CPU.
export default {
  name: 'proxy-set-free',
  title: 'A proxy without its pin',
  idea: 'The reload starts the new proxy on any CPU.',
  source: "the lab's own tests",
  control: 'positive',
  reload: 'taskset 0x3 haproxy -D -f $CFG -p $PIDFILE -sf $OLD',
  expects: [{ resets: 'some', because: 'it is the case "none"' }],
  drawbacks: [],
} satisfies CaseFile
