import type { CaseFile, Expectation } from '../../case.ts'
import { BLACK_HOLE } from '../../none.ts'
import ackBlockU32, { BARE_ACK } from './ack-block-u32.ts'

const BOTH: Expectation = {
  exchange: 'banner',
  resets: 'fewer',
  price: { slow: true, timeouts: true, throughput: 1 },
  because:
    'what came before the rule is accepted while the reload begins, but for a few; what came while it was there waits in ' +
    'SYN_RECV: once its listener has closed it is dropped in silence (inet_csk_listen_stop, from 4.4 on ' +
    'reqsk_timer_handler), so that its client hangs, and the new one sends its SYN+ACK again, after 1 s',
}

const BLACK_HOLE_TOO: Expectation = {
  ...BOTH,
  lacks: ['reuseport'],
  refused: 'some',
  because: `${BOTH.because}; and ${BLACK_HOLE.because}`,
}

export default {
  ...ackBlockU32,
  name: 'ack-block-during',
  title: 'ACK block during the reload',
  idea: "Drop the handshake's bare ACK only from the start of a reload until the old listener has closed.",
  source: 'article, section 6: "block incoming empty ACKs during the reload operation"',
  setup: ['iptables -N RELOAD', 'iptables -A RELOAD -j DROP'],
  before: [`iptables -I INPUT -i lo ${BARE_ACK} -j RELOAD`],
  after: ['closed $OLD $PORT', `iptables -D INPUT -i lo ${BARE_ACK} -j RELOAD`],
  proof: {
    shows: 'bare ACKs that its rule dropped, and it was still there',
    read: [
      `iptables -C INPUT -i lo ${BARE_ACK} -j RELOAD || { echo 0; exit; }`,
      "iptables -nvxL RELOAD -Z | awk '/DROP/ { print $1 }'",
    ],
    at: 'reload',
  },
  expects: [BOTH, ...ackBlockU32.expects],
  on: {
    ...ackBlockU32.on,
    haproxy: { expects: [BLACK_HOLE_TOO, BOTH, ...ackBlockU32.on.haproxy.expects] },
  },
} satisfies CaseFile
