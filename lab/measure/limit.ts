import type { LimitedBy, Load, Measured } from './result.ts'

export const busyOf = (_: unknown[]): Measured['cpu'] => ({ proxy: null, generator: null })

export function limitedBy(reached: boolean, cpu: Measured['cpu']): LimitedBy {
  if (reached) return 'rate'
  return (cpu.generator ?? 0) > (cpu.proxy ?? 0) ? 'generator' : 'proxy'
}

/**
 * Closed loop: the share of reloads whose resets are within one of users − maxaccept. A proxy that accepts a few at a
 * time has so many in service, and the rest waits in the accept queue. Null in an open loop, without reloads, and where
 * maxaccept is no smaller than the users, or unlimited.
 */
export function cappedShare(resetsByReload: number[], { loop, users }: Load, maxaccept: number): number | null {
  if (loop === 'open' || maxaccept < 0 || maxaccept >= users || !resetsByReload.length) return null
  const ceiling = users - maxaccept
  return resetsByReload.filter((resets) => Math.abs(resets - ceiling) <= 1).length / resetsByReload.length
}
