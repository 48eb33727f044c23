import type { CaseFile } from './case.ts'
import { KEPT } from './none.ts'

export default {
  name: 'ebpf',
  title: 'eBPF steering',
  idea: 'A program in the reuseport group sends new connections to the newest listener; the old one drains, then goes.',
  source:
    'article, section 3, "Diverting SYNs to certain queues using eBPF"; SO_ATTACH_REUSEPORT_EBPF, Linux 4.6 for TCP',
  needs: { features: ['reuseport-bpf'] },
  // Index 1 is the newer of two; alone in the group nobody has it, and the kernel falls back to its hash.
  ready: ['steer $SOCK $PORT 1'],
  // The article stopped at this: the old process must get no more connections before it is told to quit. What is in flight
  // when the new one begins to listen needs time to be accepted.
  after: ['sleep 0.02', 'drained $OLD $PORT', 'kill -USR1 $OLD', 'closed $OLD $PORT'],
  proof: {
    shows: 'of 4 new connections, those that the new process answers while the old one is stopped',
    read: ['steered $PORT $OLD'],
    at: 'reload',
    least: 4,
    every: true,
  },
  expects: [
    KEPT,
    {
      resets: 'none',
      because: 'reuseport_select_sock asks the program first, so the old listener is drained before it closes',
    },
  ],
  drawbacks: [
    'a handshake that begins at the old listener before the new one listens must be over within 20 ms: on a real network that takes a round trip (the variant ebpf-drain counts instead)',
    'both processes run while the old one drains',
    'one group an address: every listener needs its own program',
    'needs a descriptor of the group, and that no reload begins before the last one ended',
  ],
  on: { haproxy: { needs: { from: '1.8' }, reload: 'haproxy -D -f $CFG -p $PIDFILE' } },
} satisfies CaseFile
