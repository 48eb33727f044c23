import { carry } from '../../engine/swarm/carry.ts'
import { openSwarm } from '../../engine/swarm/engine.ts'
import { runImage } from '../../engine/swarm/run-image.ts'
import type { Supply } from '../../model/supply.ts'

/** Milliseconds that an order sleeps. */
export const SLEEP = 1000

/** How long orders took that do nothing, so many at a time. */
export interface Asleep {
  workers: number
  orders: number
  ms: number
}

/** Milliseconds that each order took beside its sleep, and how many there would be in an hour. */
export const ratesOf = ({ workers, orders, ms }: Asleep) => ({
  overhead: (ms * workers) / orders - SLEEP,
  anHour: (3.6e6 * orders) / ms,
})

/**
 * Has a Swarm carry out orders that only sleep: what that takes is its scheduling, and the lab's.
 *
 * @param workers orders at a time, one row each
 * @param each orders of each worker
 */
export async function sleepers(workers: number[], each: number, signal: AbortSignal): Promise<Asleep[]> {
  const note = (line: string) => process.stderr.write(`${line}\n`)
  const supply: Supply = { offline: false, note, signal }
  const registry = process.env.HITLESS_REGISTRY
  const { swarm, shop, ready } = await openSwarm([], registry, supply)
  swarm.image = await runImage(shop, [], registry, signal)
  const place = { nodes: ready.map(({ id }) => id), constraints: [] }
  const rows: Asleep[] = []
  for (const count of workers) {
    const orders = count * each
    let begun = 0
    const since = performance.now()
    await Promise.all(
      Array.from({ length: count }, async () => {
        while (begun++ < orders) await carry(swarm, { do: 'sleep', ms: SLEEP }, place, {}, signal)
      }),
    )
    rows.push({ workers: count, orders, ms: performance.now() - since })
    note(`${orders} orders, ${count} at a time: ${((performance.now() - since) / 1000).toFixed(1)} s`)
  }
  return rows
}
