import type { EventOf } from '../../model/events.ts'
import type { Measured } from '../../model/measured.ts'

type Lost = EventOf<'lost'>['rows'][number]
type Rst = EventOf<'rsts'>['rows'][number]

/**
 * Microseconds within which RSTs to one port are of one connection: data in flight for a socket that is gone draws
 * another. A port is not used again so soon: the guest has 55 000 of them. By as much may a RST come after its
 * connection's end as the generator saw it.
 */
const SLACK = 100_000

/** A connection that the server's side reset, as the wire alone shows it. */
export interface WireReset {
  /** The client's port: the rest of the 4-tuple is the same for all. */
  port: number
  /** When its first RST came, in microseconds. */
  time: number
  /** Whether any of its RSTs came of a socket's own accord, else all in reply to segments; null where nobody told. */
  active: boolean | null
}

/**
 * Connections that drew RSTs from the server's side, and how many RSTs were repeated. Refusals do not count.
 *
 * A socket that is reset leaves the table of connections a moment before it sends its own RST (tcp_disconnect): a segment
 * that comes in between is answered first, and its RST in reply does not make the reset one.
 */
export function resetsOnWire(rsts: Rst[]): { connections: WireReset[]; repeated: number } {
  const last = new Map<number, { at: number; of: WireReset }>()
  const connections: WireReset[] = []
  const server = rsts.filter(([who]) => who === 'A' || who === 'R' || who === 'S')
  for (const [who, port, time] of server.toSorted((a, b) => a[2] - b[2])) {
    const before = last.get(port)
    const same = before !== undefined && time - before.at <= SLACK
    const of = same ? before.of : { port, time, active: who === 'S' ? null : who === 'A' }
    last.set(port, { at: time, of })
    if (!same) connections.push(of)
    else if (who === 'A') of.active = true
  }
  return { connections, repeated: server.length - connections.length }
}

/** What the generator lost and what the wire shows, side by side. */
export interface Reconciled {
  wire: Measured['wire']
  /** Of each connection that the generator has as reset: when its RST came, else when the generator noticed. */
  times: number[]
}

/**
 * Compares the connections that the generator has as reset with those that the wire shows, one by one. Each side is
 * counted without the other; only then are they matched, by port and time.
 *
 * @param outRsts growth of OutRsts (/proc/net/snmp), in packets
 */
export function reconcile(lost: Lost[], rsts: Rst[], outRsts: number): Reconciled {
  const { connections, repeated } = resetsOnWire(rsts)
  const byPort = new Map<number, WireReset[]>()
  for (const reset of connections) byPort.set(reset.port, [...(byPort.get(reset.port) ?? []), reset])
  const resets = lost.filter(([how]) => how === 'A' || how === 'B')
  let missing = 0
  const times = resets.map(([, port, begun, ended]) => {
    const candidates = byPort.get(port) ?? []
    const at = candidates.findIndex(({ time }) => begun <= time && time <= ended + SLACK)
    if (at < 0) missing++
    return at < 0 ? ended : candidates.splice(at, 1)[0]!.time
  })
  const left = [...byPort.values()].flat()
  const lostAt = ({ port, time }: WireReset) =>
    lost.some(([, its, begun, ended]) => its === port && begun <= time && time <= ended + SLACK)
  const from = (...who: Rst[0][]) => rsts.filter(([by]) => who.includes(by)).length
  const active = connections.filter((reset) => reset.active).length
  return {
    wire: {
      outRsts,
      fromServer: from('A', 'R', 'S', 'Q'),
      fromClient: from('C'),
      resets: connections.length,
      active: connections.some((reset) => reset.active === null) ? null : active,
      refusals: from('Q'),
      repeated,
      missing,
      unmatched: left.length,
      late: left.filter((reset) => reset.active === false && !lostAt(reset)).length,
    },
    times,
  }
}

/** Connections that were reset by the kernel's own count: what is left of OutRsts when the other RSTs are taken off. */
export const kernelResets = ({ outRsts, fromClient, refusals, repeated, late }: Measured['wire']) =>
  Math.max(0, outRsts - fromClient - refusals - repeated - late)

type Counts = Pick<Measured, 'resets' | 'refused' | 'wire' | 'causes'>

/**
 * Where the three counts differ: the generator's, the wire's and the kernel's. Empty when they agree. Nothing else in
 * the lab says whether they do.
 *
 * One thing explains a RST for a connection that ended well: it answered a late segment of a connection that was over,
 * and reset nobody. So it did when it came in reply, and the kernel counts no more reset sockets (EstabResets) than the
 * generator's resets and the RSTs of sockets' own accord make.
 */
export function disagreements({ resets, refused, wire, causes }: Counts): string[] {
  const differ = (what: string, a: number, b: number) => (a === b ? [] : [`${what}: ${a} against ${b}`])
  const only = (count: number, what: string, how: string) =>
    count ? [`${count} ${what}${count === 1 ? '' : 's'} ${how}`] : []
  const uncounted = wire.active === null ? 0 : Math.max(0, causes.acceptQueue - wire.active)
  const late = uncounted ? 0 : wire.late
  return [
    ...differ("connections reset, generator's count against RSTs on the wire", resets, wire.resets - late),
    ...only(wire.missing, 'connection', 'that the generator has as reset drew no RST on the wire'),
    ...only(wire.unmatched - late, 'connection', 'drew a RST on the wire, and no reset for the generator'),
    ...only(uncounted, 'socket', 'reset by EstabResets for which neither generator nor wire accounts'),
    ...differ('connections refused, generator against RSTs that answered a SYN', refused, wire.refusals),
    ...differ(
      "RSTs sent, kernel's OutRsts against packets on the wire",
      wire.outRsts,
      wire.fromServer + wire.fromClient,
    ),
  ]
}
