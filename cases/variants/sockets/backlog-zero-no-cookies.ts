import type { CaseFile } from '../../case.ts'
import backlogZero from './backlog-zero.ts'

export default {
  ...backlogZero,
  name: 'backlog-zero-no-cookies',
  title: 'The old listener with a backlog of 0, without SYN cookies',
  idea: 'As backlog-zero, where a full queue drops SYNs rather than answer them with cookies: do the cookies lose the connections?',
  source: 'the lab; net.ipv4.tcp_syncookies=0',
  setup: ['sysctl -w net.ipv4.tcp_syncookies=0'],
  proof: {
    shows: 'SYNs and last ACKs that listeners dropped (TcpExtListenDrops)',
    read: ['counter TcpExtListenDrops'],
    at: 'end',
  },
  expects: [
    backlogZero.expects[0]!,
    {
      linux: { from: '4.4' },
      resets: 'none',
      because:
        'a queue of 0 with room for 0 is full (inet_csk_reqsk_queue_is_full), so every SYN to the old listener is dropped, ' +
        'and it is drained before it closes; the SYNs come again after 1 s',
    },
    {
      resets: 'some',
      because:
        'the queue of SYN_RECVs keeps the size that it had at the first listen() (reqsk_queue_is_full), and the bind ' +
        'resets: each packet is hashed over the listeners anew (__inet_lookup_listener)',
    },
  ],
  drawbacks: [backlogZero.drawbacks[0]!, 'a listener whose queue is full by an attack answers nobody'],
} satisfies CaseFile
