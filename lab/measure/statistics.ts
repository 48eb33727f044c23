import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { mean, permutationTest, quantileSorted, sampleWithReplacement } from 'simple-statistics'

const RESAMPLES = 4000

/** A source of numbers in [0, 1) that gives the same ones for the same seed. */
function random(seed: number) {
  const generator = xoroshiro128plus(seed)
  return () => uniformFloat64(generator)
}

/**
 * Mean of `values`, one value a reload, with the ends of its 95 % interval by the percentile bootstrap: resets
 * cluster by reload, so the reload is what is drawn again, not the connection.
 *
 * Without a single event the bootstrap knows nothing. `high` is then the exact one-sided 95 % bound for zero events
 * in n trials, 1 − 0.05^(1/n), which the rule of three rounds to 3/n: of all reloads, fewer than this share lose
 * anything. No values: zeros.
 */
export function bootstrapMean(values: number[], seed: number): { mean: number; low: number; high: number } {
  if (values.length === 0) return { mean: 0, low: 0, high: 0 }
  if (values.every((value) => value === 0)) return { mean: 0, low: 0, high: 1 - 0.05 ** (1 / values.length) }
  const source = random(seed)
  const means = Array.from({ length: RESAMPLES }, () => mean(sampleWithReplacement(values, values.length, source)))
  means.sort((a, b) => a - b)
  return { mean: mean(values), low: quantileSorted(means, 0.025), high: quantileSorted(means, 0.975) }
}

/**
 * How likely a difference of means at least this large is, either way, when it makes no difference which reload
 * belongs to which cell: a permutation test. The observed split counts as one of the permutations, so that p is
 * never 0 (Phipson and Smyth 2010). Without values on either side nothing speaks for a difference: 1.
 */
export function permutationP(a: number[], b: number[], seed: number): number {
  if (a.length === 0 || b.length === 0) return 1
  const extreme = permutationTest(a, b, 'two_side', RESAMPLES, random(seed)) * RESAMPLES
  return (Math.round(extreme) + 1) / (RESAMPLES + 1)
}
