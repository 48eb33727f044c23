import { normalBeyond, normalQuantile } from './distributions.ts'

// A run until sure looks at its cells after each boot. Ten looks at p < 0.05 call one pair in five different that is not
// (Armitage, McPherson and Rowe 1969), so each look has a level of its own.

/** How often one look errs, and all looks together. */
export const LEVEL = 0.05

/**
 * How much of {@link LEVEL} is spent when a share `t` of the most boots has ended, 0 to 1: an error spending function (Lan
 * and DeMets 1983) of the power family (Kim and DeMets 1987). Its exponent of ½ spends a third in the first of ten looks:
 * what a case prevents is mostly all or nothing, and few cells are looked at often.
 */
const spent = (t: number) => LEVEL * Math.sqrt(t)

/** The density of a walk, at points `STEP` apart from −`end` to `end`, of the paths that have not left. */
interface Walk {
  end: number
  density: number[]
}

/** Points of Simpson's rule for each standard deviation of a step of the walk: levels then hold to 1e-6. */
const POINTS = 12

const NORMAL = Math.sqrt(2 * Math.PI)
const phi = (x: number) => Math.exp((-x * x) / 2) / NORMAL
/** Of the standard normal distribution: the share above x. */
const above = (x: number) => (x > 0 ? normalBeyond(x) : 2 - normalBeyond(x)) / 2

/** Integrates over a walk by Simpson's rule. */
function integral({ end, density }: Walk, value: (x: number) => number): number {
  const step = (2 * end) / (density.length - 1)
  let total = 0
  for (const [i, weight] of density.entries()) {
    const edge = i === 0 || i === density.length - 1
    total += (edge ? 1 : i % 2 ? 4 : 2) * weight * value(-end + i * step)
  }
  return (total * step) / 3
}

/** The share of all paths that are at least `end` away from 0 after one more step. */
const leaving = (walk: Walk | null, end: number) =>
  walk ? integral(walk, (x) => above(end - x) + above(end + x)) : normalBeyond(end)

/** The walk after one more step, without the paths that are then at least `end` away from 0. */
function staying(walk: Walk | null, end: number): Walk {
  const intervals = 2 * Math.ceil(end * POINTS)
  const at = Array.from({ length: intervals + 1 }, (_, i) => -end + (2 * end * i) / intervals)
  return { end, density: at.map((to) => (walk ? integral(walk, (x) => phi(to - x)) : phi(to))) }
}

/**
 * How often at least one of several looks finds p below its level where there is no difference: each look has as much new
 * to see as the first. By recursive integration (Armitage, McPherson and Rowe 1969).
 *
 * @param levels of the looks, two-sided
 */
export function erring(levels: number[]): number {
  let [walk, total]: [Walk | null, number] = [null, 0]
  for (const [i, level] of levels.entries()) {
    const end = normalQuantile(level) * Math.sqrt(i + 1)
    total += leaving(walk, end)
    walk = staying(walk, end)
  }
  return total
}

/**
 * The nominal levels of `most` looks that together err as often as {@link spent} allows: a difference is significant at
 * look k if p is below the k-th of them. So long as the counts of two cells do not differ, some look finds one that is
 * significant in 5 % of the runs, whenever they stop.
 *
 * @param most looks that there may be, at equal distances
 * @param spending how much is spent at a share of all looks, up to the whole at 1
 */
export function spendingLevels(most: number, spending = spent): number[] {
  const levels: number[] = []
  let walk: Walk | null = null
  for (let look = 1; look <= most; look++) {
    const share = spending(look / most) - (look > 1 ? spending((look - 1) / most) : 0)
    const before: Walk | null = walk
    const end = endOf((x) => leaving(before, x), share)
    levels.push(normalBeyond(end / Math.sqrt(look)))
    walk = staying(before, end)
  }
  return levels
}

/** Where a share that falls with the distance from 0 is as asked. By bisection. */
function endOf(share: (end: number) => number, asked: number): number {
  let [low, high] = [0, 1]
  while (share(high) > asked) high *= 2
  for (let i = 0; i < 36; i++) {
    const middle = (low + high) / 2
    if (share(middle) > asked) low = middle
    else high = middle
  }
  return high
}

/** Computed once: ten looks take a moment, and each measurement of a run asks. */
const KNOWN = new Map<number, number[]>()

/**
 * The level of a cell's intervals and comparisons: {@link LEVEL}; in a run until sure that of the look after its last boot.
 *
 * @param boots that it has had
 * @param most boots that it may have; null where their number was fixed before
 */
export function levelAfter(boots: number, most: number | null): number {
  if (most === null) return LEVEL
  const levels = KNOWN.get(most) ?? spendingLevels(most)
  KNOWN.set(most, levels)
  return levels[boots - 1]!
}
