import type { EventOf } from '../../model/events.ts'
import type { Measured } from '../../model/measured.ts'

type Growth = EventOf<'counters'>['growth']

/** What the causes are worked out from, beside the kernel's counters. */
interface Seen {
  resets: number
  refused: number
  /** Connections whose SYN was never answered. */
  unconnected: number
  /** Connections whose first RST came of a socket's own accord (images/guest/rstwatch.c); null where it is not known. */
  active: number | null
}

/**
 * A cause for every reset, from the kernel's own counters, which are the same from 2.6.32 on. Both ends of each
 * connection are in the guest.
 *
 * - *accept queue*: EstabResets − resets. A connection that waits in the accept queue is established at both ends, and
 *   its reset counts at both (tcp_set_state, net/ipv4/tcp.c); any other counts at the client's only.
 * - *SYN_RECV*: ActiveOpens − PassiveOpens − refused − unanswered. It never became a socket of the server's. One that
 *   did for a moment, and was dropped since the listener had left its port, counts in both, and in AttemptFails
 *   (tcp_v4_syn_recv_sock, __inet_inherit_port); a refused client counts there, too.
 * - *completing*: it became one while the listener was closing, so it was reset before it was established
 *   (inet_csk_reqsk_queue_add finds the listener closed, Linux 4.4). Counters leave it over; that its RST came of the
 *   socket's own accord, as that of the accept queue does, tells it from
 * - *closed*: the proxy had accepted it, and closed it before it had read the request: TCPAbortOnClose where the request
 *   was there (tcp_close resets at once, and the server's end counts in EstabResets), TCPAbortOnData where it came later
 *   and was answered with a RST (tcp_rcv_state_process).
 * - *unexplained*: what is left.
 *
 * A socket that was built twice (behind a qdisc, from 4.4) counts twice in PassiveOpens: the difference is then below
 * zero, and nothing can be told of SYN_RECV.
 */
export function causesOf(growth: Growth, { resets, refused, unconnected, active }: Seen): Measured['causes'] {
  const grown = (name: string) => growth[name] ?? 0
  const atOnce = grown('TCPAbortOnClose')
  const acceptQueue = Math.max(0, grown('EstabResets') - resets - atOnce)
  const bornDead = Math.max(0, grown('AttemptFails') - refused)
  const synRecv = Math.max(0, grown('ActiveOpens') - grown('PassiveOpens') + bornDead - refused - unconnected)
  const left = resets - acceptQueue - synRecv
  const closed = Math.max(0, Math.min(left, atOnce + grown('TCPAbortOnData')))
  const completing = Math.max(0, Math.min(left - closed, (active ?? 0) - acceptQueue - atOnce))
  return { acceptQueue, synRecv, completing, closed, unexplained: Math.abs(left - closed - completing) }
}
