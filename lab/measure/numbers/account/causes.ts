import type { EventOf } from '../../../model/events.ts'
import type { Measured } from '../../../model/result/measured.ts'
import type { Reconciled } from './reconcile.ts'

type Growth = EventOf<'counters'>['growth']

/** What the generator and the wire add to the kernel's counters. */
interface Counted {
  resets: number
  refused: number
  /** Connections whose SYN was never answered. */
  unconnected: number
  /** Connections that clients closed with a RST of their own, as `--close-with-rst` has it. */
  closedByClients: number
  /** RSTs by which clients that had given up answered a server that spoke to them only then. */
  givenUp?: number
  /** Connected clients that gave up before the server, which speaks first, had spoken. */
  ungreeted?: number
  /** Resets whose RST was sent of a socket's own accord (images/guest/wire/rstwatch.c); null: not known. */
  active: number | null
  /** Resets whose RSTs were all replies; without it, not told. */
  replies?: number
  /** Resets of reused connections: those whose first RST was active, and those whose RSTs were all replies. */
  reused?: { active: number; replies: number }
}

/**
 * Finds a cause for every reset from the kernel's own counters, which mean the same from 2.6.32 on. Both ends of each
 * connection are in the guest.
 *
 * - *accept queue*: EstabResets − resets. A connection in the accept queue is established at both ends, so its reset
 *   counts at both (tcp_set_state, net/ipv4/tcp.c); any other reset counts at the client's end only. So does a close of
 *   the client's with a RST (TCPAbortOnData), which is no reset, and so may the RST of a client that had given up: its FIN
 *   completes a handshake whose ACK was dropped, and what the server then says meets a closed socket.
 * - *SYN_RECV*: ActiveOpens − PassiveOpens − refused − unanswered. The connection never became a socket of the server.
 *   One that did for a moment, and was dropped because its listener had left the port, counts in both and in AttemptFails
 *   (tcp_v4_syn_recv_sock, __inet_inherit_port); so does a refused client. A client that was never greeted may have been
 *   in SYN_RECV until it gave up, as under ACK block: it was not reset, so it is no cause.
 * - *completing*: it became a socket while the listener was closing and was reset before it was established
 *   (inet_csk_reqsk_queue_add finds the listener closed, Linux 4.4). No counter shows it, but its RST is sent of the
 *   socket's own accord, as in the accept queue. That tells it from
 * - *closed*: the proxy accepted the connection and closed it before it had read the request: TCPAbortOnClose if the
 *   request was there (tcp_close resets at once, and the server's end counts in EstabResets), TCPAbortOnData if it came
 *   later and was answered with a RST (tcp_rcv_state_process). Of reused connections, which an accept queue cannot hold,
 *   the wire tells two things that counters do not: a RST in reply that no TCPAbortOnData explains came from a TIME_WAIT
 *   (tcp_timewait_state_process), since the client had acknowledged the close; and where the proxy had shut its side
 *   down before it closed, TCPAbortOnClose is without its EstabResets.
 * - *unexplained*: the rest.
 *
 * A socket that was built twice (behind a qdisc, from 4.4 on) counts twice in PassiveOpens. The difference may then be
 * negative and says nothing about SYN_RECV; but a RST in reply that no socket sent (TCPAbortOnData) met none, as the
 * request that it was for had gone with its listener.
 */
export function causesOf(growth: Growth, counted: Counted): Measured['causes'] {
  const { resets, refused, unconnected, ungreeted = 0, closedByClients, givenUp = 0, active, replies = 0 } = counted
  const { reused = { active: 0, replies: 0 } } = counted
  const grown = (name: string) => growth[name] ?? 0
  const abortedOnClose = grown('TCPAbortOnClose')
  const shutDown = Math.min(abortedOnClose, reused.active)
  const established = grown('EstabResets') - closedByClients - resets - abortedOnClose
  const least = Math.max(0, established - givenUp)
  const most = Math.max(0, established + shutDown)
  const ofNew = (active ?? 0) - reused.active - (abortedOnClose - shutDown)
  const acceptQueue = Math.min(Math.max(ofNew, least), most)
  const bornDead = Math.max(0, grown('AttemptFails') - refused)
  const unborn = Math.max(0, grown('ActiveOpens') - grown('PassiveOpens') + bornDead - refused - unconnected)
  const abortedOnData = Math.max(0, grown('TCPAbortOnData') - closedByClients)
  const builtTwice = grown('PassiveOpens') > grown('ActiveOpens')
  const unmet = builtTwice ? Math.min(resets - acceptQueue, replies - reused.replies - abortedOnData) : 0
  const synRecv = Math.max(unmet, unborn - Math.max(0, Math.min(ungreeted, unborn - (resets - acceptQueue))))
  const left = resets - acceptQueue - synRecv
  const closed = Math.max(0, Math.min(left, abortedOnClose + Math.max(abortedOnData, reused.replies)))
  const completing = Math.max(0, Math.min(left - closed, (active ?? 0) - acceptQueue - abortedOnClose))
  return { acceptQueue, synRecv, completing, closed, unexplained: Math.abs(left - closed - completing) }
}

/**
 * The same where ab makes the load. Over TLS each connection that ends well draws a RST, too, so that EstabResets counts
 * all of them; the wire tells the causes. The server's first bytes answer the handshake. Where it had sent none
 *   and the RST is active, the connection was in the accept queue, or accepted and closed unread
 *   and the RST is a reply, it was in SYN_RECV
 * and where it had sent some, the proxy closed it. A socket that is closed unread counts in TCPAbortOnClose and sends an
 * active RST (tcp_close), also behind its FIN and at ab's own end, which closes with data unread when it gives up. So those
 * are known that are left; what does not add up is unexplained.
 */
export function causesOfAb(
  growth: Growth,
  { seen, closedAlone }: Pick<Reconciled, 'seen' | 'closedAlone'>,
): Measured['causes'] {
  const count = (how: 'A' | 'B', active: boolean) =>
    seen.filter((one) => one.how === how && one.active === active).length
  const [waited, served] = [count('B', true), count('A', true)]
  const left = (growth.TCPAbortOnClose ?? 0) - closedAlone - served
  const unread = Math.max(0, Math.min(waited, left))
  return {
    acceptQueue: waited - unread,
    synRecv: count('B', false),
    completing: 0,
    closed: unread + served + count('A', false),
    unexplained: seen.filter(({ active }) => active === null).length + Math.abs(left - unread),
  }
}
