import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { permutationTest, sum } from 'simple-statistics'
import { countsOf, moderated } from './boots.ts'
import { betaQuantile, tBeyond } from './distributions.ts'

/** Permutations that a test draws. */
export const RESAMPLES = 4000

/** A source of numbers in [0, 1) that gives the same ones for the same seed. */
export function random(seed: number) {
  const generator = xoroshiro128plus(seed)
  return () => uniformFloat64(generator)
}

/**
 * A share of n trials, with the ends of its exact 95 % interval (Clopper and Pearson 1934). For 0 of n the upper end is
 * the one-sided bound 1 − 0.05^(1/n), which the rule of three rounds to 3/n. Without a trial nothing is known: 0 to 1.
 *
 * @param n may be broken where trials are worth less than their number, and hits with it
 */
export function shareInterval(hits: number, n: number): { share: number; low: number; high: number } {
  if (n === 0) return { share: 0, low: 0, high: 1 }
  if (hits === 0) return { share: 0, low: 0, high: 1 - 0.05 ** (1 / n) }
  const low = hits === n ? 0.05 ** (1 / n) : betaQuantile(0.025, hits, n - hits + 1)
  return { share: hits / n, low, high: hits === n ? 1 : betaQuantile(0.975, hits + 1, n - hits) }
}

/**
 * A share of the trials of several boots, such as the exposed reloads that lose anything: the interval of
 * {@link shareInterval}, in which trials count for less where the boots differ more than chance makes them: they are
 * divided by the design effect, at least 1 (Korn and Graubard 1998). All or nothing, as one boot, is {@link shareInterval}.
 */
export function shareOver(boots: { hits: number; n: number }[]): { share: number; low: number; high: number } {
  const told = boots.filter(({ n }) => n > 0)
  const [hits, n] = [sum(told.map((boot) => boot.hits)), sum(told.map((boot) => boot.n))]
  if (told.length < 2 || hits === 0 || hits === n) return shareInterval(hits, n)
  const share = hits / n
  const off = sum(told.map((boot) => (boot.hits - share * boot.n) ** 2))
  const variance = ((told.length / (told.length - 1)) * off) / n ** 2
  const effect = Math.max(1, variance / ((share * (1 - share)) / n))
  return { ...shareInterval(hits / effect, n / effect), share }
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

/**
 * How likely a difference of means at least this large is, either way, when boots and reloads of both are alike: the
 * larger p of two tests. Which reload belongs to which cell must matter ({@link permutationP}), and so must boots, which
 * differ by themselves ({@link bootsP}). Without values on either side nothing speaks for a difference: 1.
 *
 * @param a resets by reload, a list a boot; as `b`
 */
export function differenceP(a: number[][], b: number[][], seed: number): number {
  return Math.max(permutationP(a.flat(), b.flat(), seed), bootsP(a, b))
}

/**
 * A moderated t test (Smyth 2004) of the means of two cells: of what moves a mean from reload to reload, both together,
 * and from boot to boot, by these boots and by what others have shown (boots.ts).
 */
export function bootsP(a: number[][], b: number[][]): number {
  const sides = [countsOf(a), countsOf(b)] as const
  const [one, other] = sides
  if (one.reloads === 0 || other.reloads === 0) return 1
  const reloads = sum(sides.map((side) => side.reloads))
  const apart = sum(sides.map(({ boots }) => boots - 1))
  const inBoots = reloads - one.boots - other.boots
  const within = sum(sides.map((side) => (side.reloads - side.boots) * (side.within || 0))) / inBoots
  const size = apart ? sum(sides.map((side) => (side.boots - 1) * side.size)) / apart : reloads
  // Of each side the sum of within / size and between; together they have what both sides' boots tell.
  const seen = sum(sides.map((side) => (side.boots - 1) * (side.within + side.size * side.between)))
  const between = apart ? (seen / apart - within) / size : 0
  const mean = sum(sides.map((side) => side.reloads * side.mean)) / reloads
  const boots = moderated({ boots: apart + 1, mean, within, between, size })
  const parts = {
    reloads: within * (1 / one.reloads + 1 / other.reloads),
    boots: boots.variance * (one.part + other.part),
  }
  const variance = parts.reloads + parts.boots
  const difference = one.mean - other.mean
  if (difference === 0) return 1
  const df = variance ** 2 / (parts.reloads ** 2 / inBoots + parts.boots ** 2 / boots.df)
  return variance > 0 ? tBeyond(Math.abs(difference) / Math.sqrt(variance), df) : 0
}
