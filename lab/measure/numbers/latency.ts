import { build } from 'hdr-histogram-js'
import type { Measured } from '../../model/result/measured.ts'

/** Percentiles of the plotted curve, evenly spaced in "nines" as in HdrHistogram's own plots. */
const CURVE = [0, 25, 50, 75, 90, 95, 97.5, 99, 99.5, 99.75, 99.9, 99.95, 99.99, 99.995, 99.999, 100]

const ms = (us: number) => us / 1000

/**
 * Percentiles of latencies, in milliseconds.
 *
 * @param buckets [microseconds, connections]
 * @param maxUs the largest latency exactly; buckets are rounded
 */
export function latencies(
  buckets: [us: number, connections: number][],
  maxUs: number,
): Pick<Measured, 'latencyMs' | 'latencyCurve'> {
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 120_000_000,
    numberOfSignificantValueDigits: 3,
  })
  for (const [us, connections] of buckets) histogram.recordValueWithCount(us, connections)
  const at = (percentile: number) => ms(Math.min(histogram.getValueAtPercentile(percentile), maxUs))
  return {
    latencyMs: { p50: at(50), p99: at(99), p999: at(99.9), max: ms(maxUs) },
    latencyCurve: CURVE.map((percentile) => [percentile, percentile === 100 ? ms(maxUs) : at(percentile)]),
  }
}
