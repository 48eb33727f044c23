import * as v from 'valibot'
import { measureBoot } from '../../measure/boot.ts'
import { measure } from '../../measure/measure.ts'
import type { Cell } from '../../model/cell.ts'
import type { Event } from '../../model/events.ts'
import { amount, count } from '../../model/numbers.ts'
import type { Outcome } from '../../model/outcome.ts'
import { LoadAverage, loadNow } from '../record/made.ts'
import type { Side } from './side.ts'

/** What a boot of a bench measured. Rates a second, times in seconds, latencies in milliseconds. */
const Told = v.object({
  /** Of its guest, from its start to its end. */
  took: amount,
  reloads: count,
  connections: count,
  resets: count,
  refused: count,
  timeouts: count,
  /** Answers while reloads were made. */
  perSecond: amount,
  p99: amount,
  /** As lab/model/result/measured.ts has it. */
  capped: v.nullable(amount),
  /** Shares, as lab/model/result.ts has them: where they are large, something else ran. */
  waited: v.nullable(amount),
  stolen: v.nullable(amount),
})

/** One boot of a cell on one side. */
export const BenchBoot = v.object({
  side: v.string(),
  cell: v.string(),
  /** Which turn of the sides it belongs to, from 1: boots of a cell in one round are a pair. */
  round: count,
  loadAverage: LoadAverage,
  /** Wall seconds from its order to its answer. */
  seconds: amount,
  /** What it measured, or why it did not end well. */
  told: v.union([Told, v.object({ failed: v.string() })]),
})
export type BenchBoot = v.InferOutput<typeof BenchBoot>

/**
 * Carries one boot out and measures it.
 *
 * @throws when it is interrupted, and for nothing else: a boot that fails is a figure, too
 */
export async function timeBoot(side: Side, cell: Cell, round: number, signal: AbortSignal): Promise<BenchBoot> {
  const loadAverage = loadNow()
  let events: Event[] = []
  const nothing = () => {}
  const observer = {
    ...{ files: nothing, command: nothing, line: nothing, console: nothing },
    event: (event: Event) => events.push(event),
    again: () => {
      events = []
    },
  }
  const since = performance.now()
  const outcome = await side.engine.run({ cell, boot: 1 }, observer, signal)
  const seconds = (performance.now() - since) / 1000
  signal.throwIfAborted()
  return { side: side.name, cell: cell.name, round, loadAverage, seconds, told: toldBy(cell, outcome, events) }
}

function toldBy(cell: Cell, outcome: Outcome, events: Event[]): BenchBoot['told'] {
  if (outcome.kind === 'interrupted') return { failed: 'it was interrupted' }
  const ended = measureBoot({ cell, boot: 1 }, outcome, events)
  if (ended.kind === 'failed') return { failed: ended.reason }
  const { tookMs, waited, stolen } = ended.facts
  // Without it all of its time would count as spent beside its guest.
  if (tookMs === null) return { failed: 'its engine does not tell how long it took' }
  const { reloads, connections, resets, refused, timeouts, throughput, latencyMs, capped } = measure(
    [ended.tally],
    cell,
  )
  return {
    ...{ took: tookMs / 1000, reloads, connections, resets, refused, timeouts },
    ...{ perSecond: throughput, p99: latencyMs.p99, capped, waited, stolen },
  }
}
