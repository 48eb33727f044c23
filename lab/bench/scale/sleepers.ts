import { parseRequest } from '../../cli/options/run.ts'
import { supplyOf } from '../../cli/options/supply.ts'
import { carry } from '../../engine/swarm/carry.ts'
import { openSwarm } from '../../engine/swarm/engine.ts'
import { runImage } from '../../engine/swarm/run-image.ts'
import { loadNow } from '../record/made.ts'
import type { Asleep } from './record.ts'

/** Milliseconds that an order sleeps. */
export const SLEEP = 1000

/**
 * Has a Swarm carry out orders that only sleep: what that takes is its scheduling, and the lab's.
 *
 * @param rows how many orders, and how many of them at a time
 */
export async function sleepers(rows: { workers: number; orders: number }[], signal: AbortSignal): Promise<Asleep[]> {
  const note = (line: string) => process.stderr.write(`${line}\n`)
  const supply = supplyOf(await parseRequest(['--kernel', '6.1', '--engine', 'swarm']), note, signal)
  const registry = process.env.HITLESS_REGISTRY
  const { swarm, shop, ready } = await openSwarm([], registry, supply)
  swarm.image = await runImage(shop, [], registry, signal)
  const place = { nodes: ready.map(({ id }) => id), constraints: [] }
  const all: Asleep[] = []
  for (const { workers, orders } of rows) {
    const loadAverage = loadNow()
    let begun = 0
    const since = performance.now()
    await Promise.all(
      Array.from({ length: workers }, async () => {
        while (begun++ < orders) await carry(swarm, { do: 'sleep', ms: SLEEP }, place, {}, signal)
      }),
    )
    const ms = performance.now() - since
    all.push({ workers, orders, ms, loadAverage })
    note(`${orders} orders, ${workers} at a time: ${(ms / 1000).toFixed(1)} s`)
  }
  return all
}
