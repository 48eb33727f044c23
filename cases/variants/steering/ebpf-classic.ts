import type { CaseFile } from '../../case.ts'
import ebpf from '../../ebpf.ts'

export default {
  ...ebpf,
  name: 'ebpf-classic',
  title: 'Steering by classic BPF',
  idea: 'The program of ebpf as classic BPF, which needs neither bpf(2) nor a privilege beyond the descriptor of a listener.',
  source: 'SO_ATTACH_REUSEPORT_CBPF, Linux 4.6 for TCP (Craig Gallek, 2016)',
  ready: ['steer --classic $SOCK $PORT 1'],
} satisfies CaseFile
