import type { CaseFile } from '../../case.ts'
import sockarray from './ebpf-sockarray.ts'

export default {
  ...sockarray,
  name: 'ebpf-drain',
  title: 'Steering, and a drain by count',
  idea: 'The program also counts the SYNs that it routes to each listener; the old process goes once it has accepted as many.',
  source:
    'Kuniyuki Iwashima, "Socket migration for SO_REUSEPORT", netdev, December 2020: count SYNs, stop routing them, accept up to the count, close',
  // The new process takes the path of the stats socket; under this name the old one still answers.
  before: ['ln -f $SOCK /run/old.sock'],
  after: ['route --accepted /run/old.sock', 'kill -USR1 $OLD', 'closed $OLD $PORT'],
  expects: [
    {
      resets: 'none',
      because:
        'the old listener gets no SYN any more (bpf_sk_select_reuseport), and all that it got has become a connection ' +
        'and was accepted: nothing is in SYN_RECV, nothing in its accept queue',
    },
  ],
  drawbacks: [
    'a SYN that the kernel drops, or whose client never answers, is counted and never accepted: somebody must give up waiting then, here after 5 s',
    'both processes run while the old one drains',
    'needs root (bpf(2)), a descriptor of the listener, a map for each address, and a proxy that tells how many it accepted',
  ],
} satisfies CaseFile
