import { latencies } from './latency.ts'
import type { Told } from './measure.ts'
import type { Measured } from './result.ts'

const SECOND = 1_000_000

type Priced = Pick<
  Measured,
  'priced' | 'latencyMs' | 'latencyCurve' | 'slow' | 'throughput' | 'quietThroughput' | 'begunPerSecond'
>

/**
 * What the load had to bear while reloads were made: not in the quiet second before them, nor in the drain behind them.
 * A connection that timed out is among the latencies with the time that it waited; leaving it out would make a
 * mitigation the faster the more it starves.
 */
export function priceOf({ all, one }: Told): Priced {
  const load = one('load')
  const [phases] = all('phases')
  // Streams from before the generator told phases.
  if (!phases) {
    const buckets = all('latency').flatMap((event) => event.buckets)
    const seconds = (load.lastUs - load.firstUs) / SECOND || 1
    return {
      priced: load.ok,
      ...latencies(buckets, load.maxUs),
      slow: load.slow,
      throughput: load.ok / seconds,
      quietThroughput: null,
      begunPerSecond: load.begun / seconds,
    }
  }
  const { quiet, reloads, reloadsFromUs } = phases
  const timeouts = all('lost').flatMap(({ rows }) =>
    rows.filter(([how, , begun]) => how === 'T' && begun >= reloadsFromUs).map(([, , begun, ended]) => ended - begun),
  )
  const buckets = all('latency').flatMap(({ phase, buckets }) => (phase === 'reloads' ? buckets : []))
  const each = timeouts.map((us): [number, number] => [us, 1])
  const seconds = reloads.us / SECOND || 1
  return {
    priced: reloads.begun,
    ...latencies([...buckets, ...each], Math.max(reloads.maxUs, ...timeouts)),
    slow: reloads.slow,
    throughput: reloads.answered / seconds,
    quietThroughput: quiet.us ? quiet.answered / (quiet.us / SECOND) : null,
    begunPerSecond: reloads.begun / seconds,
  }
}
