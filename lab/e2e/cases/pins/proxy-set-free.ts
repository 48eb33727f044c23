import type { CaseFile } from '../../../../cases/case.ts'

// Each reload gives the new proxy all CPUs.
export default {
  name: 'proxy-set-free',
  title: 'A proxy without its pin',
  idea: 'The reload starts the new proxy on any CPU.',
  source: 'the lab: its own tests',
  control: 'positive',
  on: { haproxy: { reload: 'taskset 0x3 haproxy -D -f $CFG -p $PIDFILE -sf $OLD' } },
  expects: [{ resets: 'some', because: 'it is the case "none"' }],
  drawbacks: [],
} satisfies CaseFile
