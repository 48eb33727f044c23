import type { CaseFile } from '../../case.ts'
import { BLACK_HOLE } from '../../none.ts'

export default {
  name: 'ab-reload',
  title: 'ab over HTTPS, plain reload (-sf)',
  idea: 'ab makes the load over HTTPS, as in the article; the proxy is reloaded in its plain way.',
  source: 'article, section 8, "Reloading HAProxy"',
  client: { ab: true },
  // What the others are compared with must lose connections, or a zero says nothing.
  against: 'ab-restart',
  proof: 'reload',
  listeners: 'anew',
  expects: [
    {
      ...BLACK_HOLE,
      resets: 'fewer',
      because:
        'bind() fails, SIGTTOU makes the old process stop listening, and nobody listens until the new one binds again: SYNs ' +
        'are answered with RST. What the old process has accepted it serves to the end',
    },
    {
      resets: 'fewer',
      because:
        'close() of a listener resets every connection in its accept queue (inet_csk_listen_stop), whose client has begun ' +
        'its TLS handshake and waits; what the old process has accepted it serves to the end',
    },
  ],
  // Ten handshakes at a time take a slow guest longer than that, without a reload, too.
  price: { slow: true },
  drawbacks: ['ab tells a reset in the handshake as a wrong length, and has no word for a reset'],
  on: {
    haproxy: {
      needs: { from: '2.2' },
      config: {
        bind: ['ssl crt /etc/ssl/site.pem'],
        // An answer with a body: beside empty ones ab takes a reset for an answer of the right length.
        frontend: ['http-request return status 200 content-type text/plain string ok'],
      },
      reload: 'haproxy -D -f $CFG -p $PIDFILE -sf $OLD',
    },
  },
} satisfies CaseFile
