import type { EventOf } from '../../model/events.ts'
import type { Measured } from '../../model/measured.ts'

type Growth = EventOf<'counters'>['growth']

/** What the generator and the wire add to the kernel's counters. */
interface Counted {
  resets: number
  refused: number
  /** Connections whose SYN was never answered. */
  unconnected: number
  /** Connections that clients closed with a RST of their own, as `--close-with-rst` has it. */
  closedByClients: number
  /** Connections whose first RST was sent of a socket's own accord (images/guest/rstwatch.c); null: not known. */
  active: number | null
}

/**
 * Finds a cause for every reset from the kernel's own counters, which mean the same from 2.6.32 on. Both ends of each
 * connection are in the guest.
 *
 * - *accept queue*: EstabResets − resets. A connection in the accept queue is established at both ends, so its reset
 *   counts at both (tcp_set_state, net/ipv4/tcp.c); any other reset counts at the client's end only. So does a close of
 *   the client's with a RST (TCPAbortOnData), which is no reset.
 * - *SYN_RECV*: ActiveOpens − PassiveOpens − refused − unanswered. The connection never became a socket of the server.
 *   One that did for a moment, and was dropped because its listener had left the port, counts in both and in AttemptFails
 *   (tcp_v4_syn_recv_sock, __inet_inherit_port); so does a refused client.
 * - *completing*: it became a socket while the listener was closing and was reset before it was established
 *   (inet_csk_reqsk_queue_add finds the listener closed, Linux 4.4). No counter shows it, but its RST is sent of the
 *   socket's own accord, as in the accept queue. That tells it from
 * - *closed*: the proxy accepted the connection and closed it before it had read the request: TCPAbortOnClose if the
 *   request was there (tcp_close resets at once, and the server's end counts in EstabResets), TCPAbortOnData if it came
 *   later and was answered with a RST (tcp_rcv_state_process).
 * - *unexplained*: the rest.
 *
 * A socket that was built twice (behind a qdisc, from 4.4 on) counts twice in PassiveOpens. The difference may then be
 * negative and says nothing about SYN_RECV.
 */
export function causesOf(
  growth: Growth,
  { resets, refused, unconnected, closedByClients, active }: Counted,
): Measured['causes'] {
  const grown = (name: string) => growth[name] ?? 0
  const abortedOnClose = grown('TCPAbortOnClose')
  const acceptQueue = Math.max(0, grown('EstabResets') - closedByClients - resets - abortedOnClose)
  const bornDead = Math.max(0, grown('AttemptFails') - refused)
  const synRecv = Math.max(0, grown('ActiveOpens') - grown('PassiveOpens') + bornDead - refused - unconnected)
  const left = resets - acceptQueue - synRecv
  const abortedOnData = Math.max(0, grown('TCPAbortOnData') - closedByClients)
  const closed = Math.max(0, Math.min(left, abortedOnClose + abortedOnData))
  const completing = Math.max(0, Math.min(left - closed, (active ?? 0) - acceptQueue - abortedOnClose))
  return { acceptQueue, synRecv, completing, closed, unexplained: Math.abs(left - closed - completing) }
}
