import { max, sum } from 'simple-statistics'
import type { Measured } from '../../../model/result/measured.ts'
import type { BootEvents } from '../boot-events.ts'
import { waitedFrom } from '../kept.ts'
import { latencies } from '../latency.ts'

const SECOND_US = 1_000_000

type Price = Pick<
  Measured,
  'priced' | 'latencyMs' | 'latencyCurve' | 'slow' | 'throughput' | 'quietThroughput' | 'begunPerSecond'
>

/** What the price of one boot is made from. Times are in microseconds. */
export interface BootPrice {
  /** While reloads were made. `buckets` are [latency, connections], with connections that timed out. */
  reloads: { us: number; begun: number; answered: number; slow: number; maxUs: number; buckets: [number, number][] }
  /** In the quiet second before. */
  quiet: { us: number; answered: number }
}

/**
 * What connections cost while reloads were made: neither in the quiet second before nor in the drain after. A connection
 * that timed out counts among the latencies with the time that it waited. Without those a mitigation would look the
 * faster the more it starves its clients.
 */
export function bootPrice({ all, one }: BootEvents): BootPrice {
  const { quiet, reloads, reloadsFromUs } = one('phases')
  const timeouts = all('lost').flatMap(({ rows }) =>
    rows.filter(([how, , begun]) => how === 'T' && begun >= reloadsFromUs).map((row) => row[3] - waitedFrom(row)),
  )
  const answered = all('latency').flatMap(({ phase, buckets }) => (phase === 'reloads' ? buckets : []))
  const timedOut = timeouts.map((us): [number, number] => [us, 1])
  return {
    reloads: { ...reloads, maxUs: max([reloads.maxUs, ...timeouts]), buckets: [...answered, ...timedOut] },
    quiet,
  }
}

/** The price over all boots of a cell, of connections that began while reloads were made. */
export function priceOf(boots: BootPrice[]): Price {
  const total = (value: (boot: BootPrice) => number) => sum(boots.map(value))
  const seconds = total(({ reloads }) => reloads.us) / SECOND_US || 1
  const quietSeconds = total(({ quiet }) => quiet.us) / SECOND_US
  return {
    priced: total(({ reloads }) => reloads.begun),
    ...latencies(
      boots.flatMap(({ reloads }) => reloads.buckets),
      Math.max(...boots.map(({ reloads }) => reloads.maxUs)),
    ),
    slow: total(({ reloads }) => reloads.slow),
    throughput: total(({ reloads }) => reloads.answered) / seconds,
    quietThroughput: quietSeconds ? total(({ quiet }) => quiet.answered) / quietSeconds : null,
    begunPerSecond: total(({ reloads }) => reloads.begun) / seconds,
  }
}
