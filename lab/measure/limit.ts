import type { Event, EventOf } from '../guest/events.ts'

/** How busy two CPUs were while reloads were made: 0 to 1, of the time that no hypervisor took; null: not told. */
export interface Shares {
  proxy: number | null
  generator: number | null
}

/** What kept a load from being more: a CPU, the rate that was asked for, or that all its clients waited. */
export type Limit = 'proxy' | 'generator' | 'rate' | 'users'

/** A CPU is the limit from this share on. */
export const BUSY = 0.9

/** Shares of the phase of reloads, which begins and ends with an event `cpus`. A pure function; old streams have none. */
export function sharesOf(events: Event[]): Shares {
  const [before, after] = events.filter((event): event is EventOf<'cpus'> => event.e === 'cpus')
  const share = (of: keyof Shares) => {
    if (!before || !after) return null
    const [busy, idle] = [after[of][0] - before[of][0], after[of][1] - before[of][1]]
    return busy + idle > 0 ? busy / (busy + idle) : null
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
