import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { binomialDistribution, mean, permutationTest, quantileSorted, sampleWithReplacement } from 'simple-statistics'

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
 * Without a single event the bootstrap knows nothing, and no bound on the mean follows without one on how much a single
 * reload may lose: `high` is then null. What is known is a bound on the share of reloads that lose anything, see
 * {@link shareInterval}.
 */
export function bootstrapMean(values: number[], seed: number): { mean: number; low: number; high: number | null } {
  if (values.every((value) => value === 0)) return { mean: 0, low: 0, high: null }
  const source = random(seed)
  const means = Array.from({ length: RESAMPLES }, () => mean(sampleWithReplacement(values, values.length, source)))
  means.sort((a, b) => a - b)
  return { mean: mean(values), low: quantileSorted(means, 0.025), high: quantileSorted(means, 0.975) }
}

/**
 * A share of n trials, with the ends of its exact 95 % interval (Clopper and Pearson 1934). For 0 of n the upper end is
 * the one-sided bound 1 − 0.05^(1/n), which the rule of three rounds to 3/n. Without a trial nothing is known: 0 to 1.
 */
export function shareInterval(hits: number, n: number): { share: number; low: number; high: number } {
  if (n === 0) return { share: 0, low: 0, high: 1 }
  if (hits === 0) return { share: 0, low: 0, high: 1 - 0.05 ** (1 / n) }
  const low = hits === n ? 0.05 ** (1 / n) : solve((p) => 1 - atMost(hits - 1, n, p) < 0.025)
  return { share: hits / n, low, high: hits === n ? 1 : solve((p) => atMost(hits, n, p) > 0.025) }
}

/** The probability of at most k hits in n trials. */
function atMost(k: number, n: number, p: number): number {
  if (p <= 0 || p >= 1) return p <= 0 ? 1 : 0
  return binomialDistribution(n, p)!
    .slice(0, k + 1)
    .reduce((all, each) => all + each, 0)
}

/** The number in 0 to 1 below which `holds` is true, by bisection. */
function solve(holds: (p: number) => boolean): number {
  let [low, high] = [0, 1]
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2
    if (holds(middle)) low = middle
    else high = middle
  }
  return low
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

export const meanInterval = (boots: number[][]) => bootstrapMean(boots.flat(), 1)
export const differenceP = (a: number[][], b: number[][], seed: number) => permutationP(a.flat(), b.flat(), seed)
export const shareOver = (boots: { hits: number; n: number }[]) =>
  shareInterval(
    boots.reduce((sum, { hits }) => sum + hits, 0),
    boots.reduce((sum, { n }) => sum + n, 0),
  )
