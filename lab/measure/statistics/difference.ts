import { mean, permutationTest, sampleVariance, sum } from 'simple-statistics'
import { countsOf, moderated } from './boots.ts'
import { tBeyond } from './distributions.ts'
import { random } from './random.ts'

/** Permutations that a test draws. */
export const RESAMPLES = 4000

/**
 * Permutation test of a difference of means, two-sided: p is the probability of a difference at least this large if it
 * makes no difference which reload belongs to which cell. The observed split counts as one of the permutations, so p is
 * never 0 (Phipson and Smyth 2010). Without values on either side p is 1.
 */
export function permutationP(a: number[], b: number[], seed: number): number {
  if (a.length === 0 || b.length === 0) return 1
  const extreme = permutationTest(a, b, 'two_side', RESAMPLES, random(seed)) * RESAMPLES
  return (Math.round(extreme) + 1) / (RESAMPLES + 1)
}

/**
 * Test of a difference of means, two-sided: the larger p of two tests. A difference must be significant over reloads
 * ({@link permutationP}) and over boots, which differ by themselves ({@link bootsP}). Without values on either side p is 1.
 *
 * @param a resets by reload, a list a boot; as `b`
 * @param alone whether the boots must show it by themselves, too ({@link meansP}), whatever others have shown: where looks
 *   after single boots would find one that is unlike its kind
 */
export function differenceP(a: number[][], b: number[][], seed: number, alone = false): number {
  return Math.max(permutationP(a.flat(), b.flat(), seed), bootsP(a, b), alone ? meansP(a, b) : 0)
}

/** Welch's t test (1947) of the means of boots: it knows nothing but them, so p is 1 where a side has a single one. */
export function meansP(a: number[][], b: number[][]): number {
  const [one, other] = [a, b].map((boots) => boots.filter(({ length }) => length > 0).map(mean)) as [number[], number[]]
  if (one.length < 2 || other.length < 2 || mean(one) === mean(other)) return 1
  const [u, v] = [one, other].map((means) => sampleVariance(means) / means.length) as [number, number]
  const df = (u + v) ** 2 / (u ** 2 / (one.length - 1) + v ** 2 / (other.length - 1))
  return u + v > 0 ? tBeyond(Math.abs(mean(one) - mean(other)) / Math.sqrt(u + v), df) : 0
}

/**
 * Moderated t test (Smyth 2004) of the means of two cells. The variance from reload to reload is pooled over both; that
 * from boot to boot is moderated by what other cells have shown (boots.ts).
 */
export function bootsP(a: number[][], b: number[][]): number {
  const sides = [countsOf(a), countsOf(b)] as const
  const [one, other] = sides
  if (one.reloads === 0 || other.reloads === 0) return 1
  const reloads = sum(sides.map((side) => side.reloads))
  const betweenDf = sum(sides.map(({ boots }) => boots - 1))
  const withinDf = reloads - one.boots - other.boots
  const within = sum(sides.map((side) => (side.reloads - side.boots) * (side.within || 0))) / withinDf
  const size = betweenDf ? sum(sides.map((side) => (side.boots - 1) * side.size)) / betweenDf : reloads
  // Each side contributes the sum of within / size and between; together they hold what the boots of both sides tell.
  const seen = sum(sides.map((side) => (side.boots - 1) * (side.within + side.size * side.between)))
  const between = betweenDf ? (seen / betweenDf - within) / size : 0
  const mean = sum(sides.map((side) => side.reloads * side.mean)) / reloads
  const boots = moderated({ boots: betweenDf + 1, mean, within, between, size })
  const parts = {
    reloads: within * (1 / one.reloads + 1 / other.reloads),
    boots: boots.variance * (one.part + other.part),
  }
  const variance = parts.reloads + parts.boots
  const difference = one.mean - other.mean
  if (difference === 0) return 1
  const df = variance ** 2 / (parts.reloads ** 2 / withinDf + parts.boots ** 2 / boots.df)
  return variance > 0 ? tBeyond(Math.abs(difference) / Math.sqrt(variance), df) : 0
}
