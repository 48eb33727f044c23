import { sum } from 'simple-statistics'
import type { Measured } from '../../model/measured.ts'
import type { BootEvents } from './boot-events.ts'
import { latencies } from './latency.ts'

const SECOND = 1_000_000

type Priced = Pick<
  Measured,
  'priced' | 'latencyMs' | 'latencyCurve' | 'slow' | 'throughput' | 'quietThroughput' | 'begunPerSecond'
>

/** What the load of one boot had to bear, in microseconds and connections. */
export interface Paid {
  /** While reloads were made; `buckets` are [the latency, connections], those that timed out among them. */
  reloads: { us: number; begun: number; answered: number; slow: number; maxUs: number; buckets: [number, number][] }
  /** In the quiet second before. */
  quiet: { us: number; answered: number }
}

/**
 * What the load had to bear while reloads were made: not in the quiet second before them, nor in the drain behind them.
 * A connection that timed out is among the latencies with the time that it waited; leaving it out would make a
 * mitigation the faster the more it starves.
 */
export function paidOf({ all, one }: BootEvents): Paid {
  const { quiet, reloads, reloadsFromUs } = one('phases')
  const timeouts = all('lost').flatMap(({ rows }) =>
    rows.filter(([how, , begun]) => how === 'T' && begun >= reloadsFromUs).map(([, , begun, ended]) => ended - begun),
  )
  const buckets = all('latency').flatMap(({ phase, buckets }) => (phase === 'reloads' ? buckets : []))
  const each = timeouts.map((us): [number, number] => [us, 1])
  return {
    reloads: { ...reloads, maxUs: Math.max(reloads.maxUs, ...timeouts), buckets: [...buckets, ...each] },
    quiet,
  }
}

/** The price over some boots, of connections that began while reloads were made. */
export function priceOf(boots: Paid[]): Priced {
  const total = (of: (paid: Paid) => number) => sum(boots.map(of))
  const seconds = total(({ reloads }) => reloads.us) / SECOND || 1
  const quiet = total(({ quiet }) => quiet.us) / SECOND
  return {
    priced: total(({ reloads }) => reloads.begun),
    ...latencies(
      boots.flatMap(({ reloads }) => reloads.buckets),
      Math.max(...boots.map(({ reloads }) => reloads.maxUs)),
    ),
    slow: total(({ reloads }) => reloads.slow),
    throughput: total(({ reloads }) => reloads.answered) / seconds,
    quietThroughput: quiet ? total((paid) => paid.quiet.answered) / quiet : null,
    begunPerSecond: total(({ reloads }) => reloads.begun) / seconds,
  }
}
