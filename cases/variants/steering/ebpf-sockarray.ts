import type { CaseFile } from '../../case.ts'
import ebpf from '../../ebpf.ts'

export default {
  ...ebpf,
  name: 'ebpf-sockarray',
  title: 'Steering by a map of listeners',
  idea: 'The program in the reuseport group takes the listener for new connections from a map; a reload puts the new one there.',
  source: 'BPF_PROG_TYPE_SK_REUSEPORT, BPF_MAP_TYPE_REUSEPORT_SOCKARRAY, Linux 4.19 (Martin KaFai Lau, 2018)',
  needs: { features: ['reuseport-sockarray'] },
  // The maps have their names there, from one reload to the next.
  setup: ['mount -t bpf bpf /sys/fs/bpf'],
  ready: ['route $SOCK $PORT'],
  expects: [
    {
      resets: 'none',
      because:
        'inet_lookup_reuseport asks the program first, which names the very socket (bpf_sk_select_reuseport): the ' +
        'article had "no way to know the queue numbers"; so the old listener is drained before it closes',
    },
  ],
  drawbacks: [
    'a handshake that is under way when the program turns to the new listener must be over within 20 ms: on a real network that takes a round trip (the variant ebpf-drain counts instead)',
    'both processes run while the old one drains',
    'needs root (bpf(2)), a descriptor of the listener, and a map for each address',
  ],
  on: { haproxy: { ...ebpf.on.haproxy, reload: `${ebpf.on.haproxy.reload} && route $SOCK $PORT` } },
} satisfies CaseFile
