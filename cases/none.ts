import type { CaseFile, Expectation } from './case.ts'

/** What a reload does to a kernel without SO_REUSEPORT, whatever else is done. */
export const BLACK_HOLE: Expectation = {
  lacks: ['reuseport'],
  resets: 'some',
  refused: 'some',
  because:
    'bind() fails, SIGTTOU makes the old process stop listening, the new one binds again 10 ms later: in between ' +
    'nobody listens and SYNs are answered with RST, and the accept queue was reset with the old listener',
}

export default {
  name: 'none',
  title: 'No mitigation',
  idea: 'Reload as the article does, and lose what waits in the old listener when it closes.',
  source: 'article, section 5: while usleep 100000; do haproxy -D -f redir.cfg -sf $(pidof haproxy); done',
  control: 'positive',
  expects: [
    BLACK_HOLE,
    {
      resets: 'some',
      because:
        'close() of a listener resets every connection in its accept queue (inet_csk_listen_stop), and one in ' +
        'SYN_RECV is reset when its ACK or its data finds another listener (tcp_v4_send_reset)',
    },
  ],
  drawbacks: ['loses connections at every reload under load'],
} satisfies CaseFile
