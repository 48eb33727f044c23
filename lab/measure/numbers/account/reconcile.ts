import type { EventOf } from '../../../model/events.ts'
import type { Measured } from '../../../model/result/measured.ts'
import { plural, sentences } from '../../words.ts'
import { isReused } from '../kept.ts'
import type { LostRows } from '../slots.ts'

type Rst = EventOf<'rsts'>['rows'][number]

/**
 * RSTs to one port within so many microseconds belong to one connection: data in flight for a closed socket draws another
 * RST. A port is not used again so soon, as the guest has 27,500 of each parity. A RST may also follow the end of its
 * connection, as the generator saw it, by this much.
 */
const SAME_CONNECTION_US = 100_000

/** A connection that the server's side reset, by what the wire alone shows. */
export interface WireReset {
  /** The client's port; the rest of the 4-tuple is the same for all. */
  port: number
  /** Time of its first RST, microseconds. */
  time: number
  /** Whether any of its RSTs was sent of the socket's own accord, not in reply to a segment; null: not told. */
  active: boolean | null
}

/**
 * Connections that drew RSTs from the server's side, and the number of repeated RSTs. Refusals do not count.
 *
 * A socket that is reset leaves the connection table a moment before it sends its own RST (tcp_disconnect). A segment that
 * arrives in between is answered first, but its reply does not make the reset a passive one.
 */
export function resetsOnWire(rsts: Rst[]): { connections: WireReset[]; repeated: number } {
  const latest = new Map<number, { time: number; reset: WireReset }>()
  const connections: WireReset[] = []
  const server = rsts.filter(([sender]) => sender === 'A' || sender === 'R' || sender === 'S')
  for (const [sender, port, time] of server.toSorted((a, b) => a[2] - b[2])) {
    const before = latest.get(port)
    const same = before !== undefined && time - before.time <= SAME_CONNECTION_US
    const reset = same ? before.reset : { port, time, active: sender === 'S' ? null : sender === 'A' }
    latest.set(port, { time, reset })
    if (!same) connections.push(reset)
    else if (sender === 'A') reset.active = true
  }
  return { connections, repeated: server.length - connections.length }
}

/** Values by a number, each list in the order of the values. */
function grouped<T>(values: T[], by: (value: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>()
  for (const value of values) {
    const group = groups.get(by(value))
    if (group) group.push(value)
    else groups.set(by(value), [value])
  }
  return groups
}

/** The generator's resets beside those of the wire. */
export interface Reconciled {
  wire: Measured['wire']
  /** Of each reset that the generator counted: the time of its RST, else when the generator noticed. */
  times: number[]
  /** When the connection of each of them began. */
  begun: number[]
  /** How the generator has each of them, and whether the wire shows it as active; null: not told, or no RST. */
  seen: { how: LostRows[number][0]; active: boolean | null }[]
  /** RSTs of sockets' own accord, the clients' and those behind a FIN, which reset nobody. */
  closedAlone: number
  /** Of the resets, those of reused connections; and how many of them the wire shows as active, or not. */
  reused: { times: number[]; active: number; replies: number }
  /** RSTs of clients that had given up, in reply to a server that spoke to them only then. */
  givenUp: number
}

/**
 * Matches the resets that the generator counted with those on the wire, one by one, by port and time. Each side has been
 * counted without the other.
 *
 * @param outRsts growth of OutRsts (/proc/net/snmp), packets
 */
export function reconcile(lost: LostRows, rsts: Rst[], outRsts: number): Reconciled {
  const { connections, repeated } = resetsOnWire(rsts)
  const byPort = grouped(connections, ({ port }) => port)
  const resets = lost.filter(([how]) => how === 'A' || how === 'B')
  const matched = resets.map((row) => {
    const [how, port, begun, ended] = row
    const candidates = byPort.get(port) ?? []
    const match = candidates.findIndex(({ time }) => begun <= time && time <= ended + SAME_CONNECTION_US)
    const found = match < 0 ? undefined : candidates.splice(match, 1)[0]!
    return { time: found?.time ?? ended, begun, how, found, reused: isReused(row) }
  })
  const reused = matched.filter((reset) => reset.reused)
  const unmatched = [...byPort.values()].flat()
  // A reset that the generator counted has its RST by now; another one answers what was sent before that and held up.
  const lostOtherwise = grouped(
    lost.filter(([how]) => how !== 'A' && how !== 'B'),
    ([, port]) => port,
  )
  const touched = ({ port, time }: WireReset) =>
    lostOtherwise.get(port)?.find(([, , begun, ended]) => begun <= time && time <= ended + SAME_CONNECTION_US)
  // Whoever gave up, or saw the end of the stream, has closed by then.
  const over = (reset: WireReset) => {
    const row = touched(reset)
    if (!row) return reset.active === false
    return (row[0] === 'S' || row[0] === 'T') && reset.time > row[3]
  }
  const afterwards = ([sender, port, time]: Rst) =>
    sender === 'C' &&
    (lostOtherwise.get(port) ?? []).some(
      ([how, , , ended]) => how === 'T' && ended <= time && time <= ended + SAME_CONNECTION_US,
    )
  const sentBy = (...senders: Rst[0][]) => rsts.filter(([sender]) => senders.includes(sender)).length
  const active = connections.filter((reset) => reset.active).length
  return {
    wire: {
      outRsts: outRsts - sentBy('E', 'F'),
      fromServer: sentBy('A', 'R', 'S', 'Q'),
      fromClient: sentBy('C', 'D'),
      resets: connections.length,
      active: connections.some((reset) => reset.active === null) ? null : active,
      refusals: sentBy('Q'),
      repeated,
      missing: matched.filter(({ found }) => !found).length,
      unmatched: unmatched.length,
      late: unmatched.filter(over).length,
      behindFin: sentBy('E', 'F'),
    },
    closedAlone: sentBy('D', 'E'),
    times: matched.map(({ time }) => time),
    begun: matched.map(({ begun }) => begun),
    seen: matched.map(({ how, found }) => ({ how, active: found?.active ?? null })),
    reused: {
      times: reused.map(({ time }) => time),
      active: reused.filter(({ found }) => found?.active === true).length,
      replies: reused.filter(({ found }) => found?.active === false).length,
    },
    givenUp: rsts.filter(afterwards).length,
  }
}

/** Connections reset by the kernel's own count: OutRsts without all RSTs that reset no connection. */
export const kernelResets = ({ outRsts, fromClient, refusals, repeated, late }: Measured['wire']) =>
  Math.max(0, outRsts - fromClient - refusals - repeated - late)

type Counts = Pick<Measured, 'resets' | 'refused' | 'wire' | 'causes'>

/**
 * Where the three counts differ: the generator's, the wire's and the kernel's, a sentence each without its full stop.
 * Empty when they agree. This function alone decides whether they do.
 *
 * A RST for a connection that ended well has one explanation: it answered a late segment of a connection that was over,
 * and reset nobody. That holds if it was a reply, and if the kernel counts no more reset sockets (EstabResets) than the
 * generator's resets and the RSTs of sockets' own accord account for. So does one that came after its client had given
 * up, or had closed because it had seen the end of the stream: a proxy may shut its side down first, and then close with
 * the request unread (TCPAbortOnClose).
 */
export function disagreements({ resets, refused, wire, causes }: Counts): string[] {
  const uncounted = wire.active === null ? 0 : Math.max(0, causes.acceptQueue - wire.active)
  const late = uncounted ? 0 : wire.late
  const onWire = {
    resets: wire.resets - late,
    unmatched: wire.unmatched - late,
    rsts: wire.fromServer + wire.fromClient,
  }
  return sentences(
    [resets !== onWire.resets, `the generator counts ${resets} resets, the wire shows ${onWire.resets}`],
    [wire.missing > 0, `no RST on the wire for ${plural(wire.missing, 'reset')} that the generator counted`],
    [
      onWire.unmatched > 0,
      `the wire shows a RST for ${plural(onWire.unmatched, 'connection')} that the generator does not count as reset`,
    ],
    [
      uncounted > 0,
      `EstabResets counts ${plural(uncounted, 'reset socket')} that neither the generator nor the wire shows`,
    ],
    [
      refused !== wire.refusals,
      `the generator counts ${plural(refused, 'refusal')}, the wire shows ${wire.refusals} RSTs in reply to a SYN`,
    ],
    [wire.outRsts !== onWire.rsts, `the kernel sent ${wire.outRsts} RSTs (OutRsts), the wire shows ${onWire.rsts}`],
  )
}
