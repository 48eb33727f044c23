import type { CaseFile } from '../../case.ts'
import { BLACK_HOLE } from '../../none.ts'

export default {
  name: 'syncookies-always',
  title: 'SYN cookies for all',
  idea: 'Answer every SYN with a cookie: nothing waits in SYN_RECV, and any listener of the group can take the last ACK.',
  source: 'the lab; net.ipv4.tcp_syncookies=2, Linux 3.12',
  needs: { features: ['syncookies-always'] },
  setup: ['sysctl -w net.ipv4.tcp_syncookies=2'],
  proof: {
    shows: 'connections made from a cookie (TcpExtSyncookiesRecv)',
    // How many cookies there were, and packets that were taken for one and held none, goes to the console.
    read: [
      'echo sent $(counter TcpExtSyncookiesSent), failed $(counter TcpExtSyncookiesFailed) >&2',
      'counter TcpExtSyncookiesRecv',
    ],
    at: 'end',
  },
  expects: [
    BLACK_HOLE,
    {
      linux: { below: '4.19' },
      resets: 'some',
      because:
        'inet_csk_listen_stop resets the accept queue all the same; and a listener that has sent no cookie of its own yet ' +
        'takes none (tcp_synq_no_recent_overflow; for a group as a whole from 4.19 and 4.9.119 on)',
    },
    {
      resets: 'some',
      because:
        'inet_csk_listen_stop resets the accept queue all the same; and a SYN that meets a TIME_WAIT gets no cookie ' +
        '(tcp_conn_request, tcp_tw_isn): on the loopback that begins once the clients have been through all ports',
    },
  ],
  drawbacks: [
    'does nothing for the accept queue',
    'a client whose options do not fit into a timestamp loses window scaling and SACK',
    'if the last ACK is lost nobody sends the SYN+ACK again',
  ],
  on: { haproxy: {} },
} satisfies CaseFile
