import type { Event, EventOf } from '../guest/events.ts'

/**
 * How busy two CPUs were while reloads were made: 0 to 1, of the time that no hypervisor took; null: not told. On the
 * running kernel that is also with what else runs on them.
 */
export interface Shares {
  proxy: number | null
  generator: number | null
}

/** What kept a load from being more: a CPU, the rate that was asked for, or that all its clients waited. */
export type Limit = 'proxy' | 'generator' | 'rate' | 'users'

/** A CPU is the limit from this share on. */
export const BUSY = 0.9

/** Microseconds of a clock tick as /proc/stat counts (USER_HZ, 100 a second on x86). */
const TICK = 10_000

/**
 * Shares of the phase of reloads, which begins and ends with an event `cpus`; old streams have none.
 *
 * Busy is what was not idle. Kernels that stop the tick of an idle CPU measure its idle time, and sample the busy time at
 * ticks: short bursts pass between them, and a guest whose host is busy loses some.
 */
export function sharesOf(events: Event[]): Shares {
  const [before, after] = events.filter((event): event is EventOf<'cpus'> => event.e === 'cpus')
  const share = (of: keyof Shares) => {
    if (!before || !after) return null
    const [, idle, stolen] = after[of].map((ticks, i) => ticks - before[of][i]!) as [number, number, number]
    const had = (after.t - before.t) / TICK - stolen
    return had > 0 ? Math.min(1, Math.max(0, 1 - idle / had)) : null
  }
  return { proxy: share('proxy'), generator: share('generator') }
}

/**
 * What limited a load.
 *
 * @param reached whether an open loop made the arrivals that were asked for (overload.ts); of a closed one it says nothing
 * @returns null where the guest did not tell how busy its CPUs were. Where both are one CPU, that is the proxy's.
 */
export function limitedBy(
  { loop, reached }: { loop: 'closed' | 'open'; reached: boolean },
  shares: Shares,
): Limit | null {
  if (loop === 'open' && reached) return 'rate'
  const { proxy, generator } = shares
  if (proxy === null || generator === null) return null
  if (Math.max(proxy, generator) < BUSY) return 'users'
  return generator > proxy ? 'generator' : 'proxy'
}
