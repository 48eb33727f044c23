import type { EventOf } from '../guest/events.ts'
import type { Measured } from './result.ts'

type Lost = EventOf<'lost'>['rows'][number]
type Rst = EventOf<'rsts'>['rows'][number]

/**
 * Microseconds by which a RST may come after its connection's end as the generator saw it, and still be a repeated
 * one of that connection: data in flight for a socket that is gone draws another. A port is not used again so soon:
 * the guest has 55 000 of them.
 */
const SLACK = 100_000

/**
 * Matches the RSTs on the wire with the connections that the generator lost, by the client's port and the time, so
 * that each connection counts once however many RSTs it drew.
 *
 * @param outRsts growth of OutRsts (/proc/net/snmp), in packets
 */
export function reconcile(lost: Lost[], rsts: Rst[], outRsts: number): Measured['wire'] {
  const byPort = new Map<number, { begun: number; ended: number; seen: number }[]>()
  for (const [how, port, begun, ended] of lost)
    if (how === 'A' || how === 'B') byPort.set(port, [...(byPort.get(port) ?? []), { begun, ended, seen: 0 }])
  let afterEnd = 0
  let repeated = 0
  let resets = 0
  for (const [who, port, time] of rsts) {
    if (who !== 'S') continue
    const connection = byPort.get(port)?.find(({ begun, ended }) => begun <= time && time <= ended + SLACK)
    if (!connection) afterEnd++
    else if (connection.seen++) repeated++
    else resets++
  }
  const from = (who: Rst[0]) => rsts.filter(([by]) => by === who).length
  const refusals = from('Q')
  return { outRsts, fromServer: from('S') + refusals, fromClient: from('C'), resets, refusals, repeated, afterEnd }
}

/** Connections that were reset by the kernel's own count: what is left of OutRsts when the rest is explained. */
export const kernelResets = ({ outRsts, fromClient, refusals, repeated, afterEnd }: Measured['wire']) =>
  Math.max(0, outRsts - fromClient - refusals - repeated - afterEnd)

/** Where the three counts differ: the generator's, the wire's and the kernel's. Empty when they agree. */
export function disagreements(measured: Measured): string[] {
  const { resets, refused, wire } = measured
  const differ = (what: string, a: number, b: number) => (a === b ? [] : [`${what}: ${a} against ${b}`])
  return [
    ...differ("connections reset, generator's count against RSTs on the wire", resets, wire.resets),
    ...differ('connections refused, generator against RSTs that answered a SYN', refused, wire.refusals),
    ...differ(
      "RSTs sent, kernel's OutRsts against packets on the wire",
      wire.outRsts,
      wire.fromServer + wire.fromClient,
    ),
  ]
}
