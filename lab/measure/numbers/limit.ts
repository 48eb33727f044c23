import { allOf, type Event } from '../../model/events.ts'
import type { Load } from '../../model/load.ts'
import type { Measured } from '../../model/measured.ts'
import { joinSlots } from './exposure.ts'

type Shares = Measured['cpu']

/**
 * A CPU is the limit from this share on. Saturated loads show 0.9 and more, a single client at most 0.66; a guest whose
 * vCPUs wait for a third of the time shows less, as each idles while the other one waits.
 */
export const BUSY = 0.85
/**
 * Clients wait where the server's side holds less than this share of the connections in flight: the SYNs of the others
 * are dropped or delayed. Loads without a mitigation show 0.7 and more, SYN block 0.04 and less.
 */
export const HELD = 0.5

/** So many reloads that lose more than users − maxaccept, and it is no ceiling. A client whose connection is reset early begins another. */
const BEYOND = 0.1

/** Microseconds of a clock tick as /proc/stat counts (USER_HZ, 100 a second on x86). */
const TICK = 10_000

/**
 * Shares of the phase of reloads, which begins and ends with an event `cpus`; old streams have none.
 *
 * Busy is what was not idle. Kernels that stop the tick of an idle CPU measure its idle time, and sample the busy time at
 * ticks: short bursts pass between them, and a guest whose host is busy loses some.
 */
export function sharesOf(events: Event[]): Shares {
  const [before, after] = allOf(events, 'cpus')
  const share = (of: keyof Shares) => {
    if (!before || !after) return null
    const [, idle, stolen] = after[of].map((ticks, i) => ticks - before[of][i]!) as [number, number, number]
    const had = (after.t - before.t) / TICK - stolen
    return had > 0 ? Math.min(1, Math.max(0, 1 - idle / had)) : null
  }
  return { proxy: share('proxy'), generator: share('generator') }
}

/**
 * Of the connections in flight while reloads were made, the share that the server's side held, 0 to 1; null: not told.
 * Between slots (images/guest/load/slots.h), so that what begins and ends within one counts little.
 */
export function heldShareOf(events: Event[]): number | null {
  const [phases] = allOf(events, 'phases')
  const slots = joinSlots(allOf(events, 'slots'))
  if (!phases || !slots) return null
  const { startUs, slotUs, rows } = slots
  const slotOf = (time: number) => Math.floor((time - startUs) / slotUs)
  const [from, to] = [slotOf(phases.reloadsFromUs), slotOf(phases.reloadsFromUs + phases.reloads.us)]
  const lostIn = new Map<number, number>()
  for (const [, , , ended] of allOf(events, 'lost').flatMap((event) => event.rows))
    lostIn.set(slotOf(ended), (lostIn.get(slotOf(ended)) ?? 0) + 1)
  const sums = { held: 0, flying: 0 }
  let flying = 0
  for (const [i, [begun, ok, held]] of rows.entries()) {
    const before = flying
    flying += begun - ok - (lostIn.get(i) ?? 0)
    if (i < from || i >= to) continue
    sums.held += Math.min(held, Math.max(before, flying))
    sums.flying += Math.max(before, flying)
  }
  return sums.flying ? sums.held / sums.flying : null
}

/**
 * What limited a load.
 *
 * @param held the share of {@link heldShareOf}: whether clients wait is told by that, whoever else keeps the CPUs busy
 * @param reached whether an open loop made the arrivals that were asked for (overload.ts); of a closed one it says nothing
 * @returns null where the guest did not tell how busy its CPUs were. Where both are one CPU, that is the proxy's.
 */
export function limitedBy(
  { loop, reached, held }: { loop: Load['loop']; reached: boolean; held: number | null },
  shares: Shares,
): Measured['limitedBy'] {
  if (loop === 'open' && reached) return 'rate'
  if (held !== null && held < HELD) return 'users'
  const { proxy, generator } = shares
  if (proxy === null || generator === null) return null
  if (Math.max(proxy, generator) < BUSY) return 'users'
  return generator > proxy ? 'generator' : 'proxy'
}

/**
 * Closed loop: the share of reloads whose resets are within one of users − maxaccept. A proxy that accepts a few at a
 * time has so many in service, and the rest waits in the accept queue. Null in an open loop, without reloads, where
 * maxaccept is no smaller than the users, or unlimited, and where one reload in ten or more loses more than that: a proxy
 * with a large maxaccept has fewer in service than it might.
 */
export function cappedShare(resetsByReload: number[], { loop, users }: Load, maxaccept: number): number | null {
  if (loop === 'open' || maxaccept < 0 || maxaccept >= users || !resetsByReload.length) return null
  const ceiling = users - maxaccept
  const beyond = resetsByReload.filter((resets) => resets > ceiling + 1).length
  if (beyond >= BEYOND * resetsByReload.length) return null
  const at = (resets: number) => resets > 0 && Math.abs(resets - ceiling) <= 1
  return resetsByReload.filter(at).length / resetsByReload.length
}
