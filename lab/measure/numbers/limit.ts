import type { Load } from '../../model/case/load.ts'
import { allOf, type Event } from '../../model/events.ts'
import type { Measured } from '../../model/result/measured.ts'
import { inFlightBySlot, joinSlots, slotAt } from './slots.ts'

type CpuShares = Measured['cpu']

/**
 * A CPU is the limit from this busy share on. Saturated loads show 0.9 and more, a single client at most 0.66. A guest
 * whose vCPUs wait a third of the time shows less, because each idles while the other waits.
 */
export const BUSY = 0.85
/**
 * Clients wait if the server's side holds less than this share of the connections in flight: the SYNs of the others are
 * dropped or delayed. Loads without a mitigation show 0.7 and more, SYN block 0.04 and less.
 */
export const HELD = 0.5

/**
 * If this share of the reloads loses more than users − maxaccept, that is no ceiling. A client whose connection is reset
 * early begins another, so a few may exceed even a real one.
 */
const ABOVE_CEILING = 0.1

/** Microseconds of a clock tick in /proc/stat (USER_HZ, 100 a second on x86). */
const TICK_US = 10_000

/**
 * How busy the CPUs were while reloads were made, between two events `cpus`; older streams have none.
 *
 * Busy is all time that was not idle. Kernels that stop the tick of an idle CPU measure idle time exactly and sample busy
 * time at ticks, which misses short bursts; a guest on a busy host loses some ticks as well.
 */
export function sharesOf(events: Event[]): CpuShares {
  const [before, after] = allOf(events, 'cpus')
  const share = (program: keyof CpuShares) => {
    if (!before || !after) return null
    const [, idle, stolen] = after[program].map((ticks, i) => ticks - before[program][i]!) as [number, number, number]
    const available = (after.t - before.t) / TICK_US - stolen
    return available > 0 ? Math.min(1, Math.max(0, 1 - idle / available)) : null
  }
  return { proxy: share('proxy'), generator: share('generator') }
}

/**
 * The share of the connections in flight that the server's side held while reloads were made, 0 to 1; null: not told.
 * Counted at the ends of slots (images/guest/load/slots.h), so connections that begin and end within one count little.
 */
export function heldShareOf(events: Event[]): number | null {
  const [phases] = allOf(events, 'phases')
  const slots = joinSlots(allOf(events, 'slots'))
  if (!phases || !slots) return null
  const [from, to] = [phases.reloadsFromUs, phases.reloadsFromUs + phases.reloads.us].map((us) => slotAt(slots, us))
  const inFlight = inFlightBySlot(
    slots,
    allOf(events, 'lost').flatMap(({ rows }) => rows),
  )
  const sums = { held: 0, inFlight: 0 }
  for (const [i, [, , held]] of slots.rows.entries()) {
    if (i < from! || i >= to!) continue
    const most = Math.max(inFlight[i - 1] ?? 0, inFlight[i]!)
    sums.held += Math.min(held, most)
    sums.inFlight += most
  }
  return sums.inFlight ? sums.held / sums.inFlight : null
}

/**
 * What limited a load.
 *
 * @param reached whether an open loop made the arrivals that were asked for (doubts/overload.ts); ignored in a closed loop
 * @param held from {@link heldShareOf}: it shows that clients wait, whoever else keeps the CPUs busy
 * @returns null where the guest did not tell how busy its CPUs were; the proxy where both programs share one CPU
 */
export function limitedBy(
  { loop, reached, held }: { loop: Load['loop']; reached: boolean; held: number | null },
  { proxy, generator }: CpuShares,
): Measured['limitedBy'] {
  if (loop === 'open' && reached) return 'rate'
  if (held !== null && held < HELD) return 'users'
  if (proxy === null || generator === null) return null
  if (Math.max(proxy, generator) < BUSY) return 'users'
  return generator > proxy ? 'generator' : 'proxy'
}

/**
 * Closed loop: the share of reloads whose resets are within one of users − maxaccept. A proxy that accepts a few
 * connections at a time has that many in service, and all others wait in the accept queue.
 *
 * @returns null in an open loop, with kept connections, without reloads, where maxaccept is unlimited or not below the users, and where one
 *   reload in ten or more loses more than that: a proxy with a large maxaccept has fewer in service than it might
 */
export function cappedShare(resetsByReload: number[], load: Load, maxaccept: number): number | null {
  const { loop, users, exchange } = load
  // What a reload resets of kept connections was in no accept queue.
  if (
    loop === 'open' ||
    exchange.kind === 'keep-alive' ||
    maxaccept < 0 ||
    maxaccept >= users ||
    !resetsByReload.length
  )
    return null
  const ceiling = users - maxaccept
  const above = resetsByReload.filter((resets) => resets > ceiling + 1).length
  if (above >= ABOVE_CEILING * resetsByReload.length) return null
  const at = resetsByReload.filter((resets) => resets > 0 && Math.abs(resets - ceiling) <= 1).length
  return at / resetsByReload.length
}
