import type { CaseFile } from '../../case.ts'
import migration from '../../tcp-migrate-req.ts'

export default {
  name: 'bpf-migrate',
  title: 'Migration by a program',
  idea: 'A program in the reuseport group lets the kernel move what waits in a listener that closes, with tcp_migrate_req off.',
  source: 'BPF_SK_REUSEPORT_SELECT_OR_MIGRATE, Linux 5.14 (Kuniyuki Iwashima, 2021)',
  needs: { features: ['bpf-migration'] },
  setup: ['sysctl -w net.ipv4.tcp_migrate_req=0'],
  ready: ['steer --migrate $SOCK $PORT'],
  proof: {
    shows:
      'connections that the kernel moved to another listener (TcpExtTCPMigrateReqSuccess), with tcp_migrate_req off',
    read: [
      '[ $(sysctl -n net.ipv4.tcp_migrate_req) = 0 ] || { echo tcp_migrate_req is on; exit; }',
      'counter TcpExtTCPMigrateReqSuccess',
    ],
    at: 'end',
  },
  expects: [
    {
      resets: 'fewer',
      because: `reuseport_stop_listen_sock and reuseport_migrate_sock take such a program for the sysctl; ${migration.expects[0]!.because}`,
    },
  ],
  drawbacks: [
    ...migration.drawbacks,
    'needs root (bpf(2)), and a descriptor of the listener; the group keeps the program from then on',
  ],
  on: { haproxy: { needs: { from: '1.8' } } },
} satisfies CaseFile
