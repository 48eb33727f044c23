import { max, mean, sum, sumNthPowerDeviations } from 'simple-statistics'

/** How far the means of a cell's boots lie apart, beyond what their reloads explain. */
export interface BootSpread {
  /** Variance from boot to boot over the variance from reload to reload: near a load's ceiling both are small. */
  ratio: number
  /** Coefficient of variation of the boots' means, which bounds it where few events make the ratio large. */
  cv: number
  /** What this knowledge is worth, in degrees of freedom of a variance. */
  df: number
}

/**
 * What {@link bootSpread} makes of the cells in reports/reference that lost connections in several boots, rounded up;
 * `lab/bench.ts coverage` prints it beside this. By these cells `df` has no bound, but they are of one host: 6 lets a
 * cell's own boots speak when they disagree.
 */
export const BOOTS: BootSpread = { ratio: 0.03, cv: 0.12, df: 6 }

/** What counts by reload say of their mean, and of what moves it. */
export interface Counts {
  boots: number
  reloads: number
  mean: number
  /** Sample variance from reload to reload within boots; NaN where no boot has two reloads. */
  within: number
  /** Variance from boot to boot by these counts alone, which chance may make negative; 0 of one boot. */
  between: number
  /** Reloads a boot: the sum of `within / size` and `between` has boots − 1 degrees of freedom. */
  size: number
  /** How much of the variance from boot to boot is in the mean: one over the boots, more when they are unequal. */
  part: number
}

/** @param boots counts by reload, a list a boot; a boot without a reload says nothing */
export function countsOf(boots: number[][]): Counts {
  const told = boots.filter((counts) => counts.length > 0)
  const all = told.flat()
  const [reloads, df] = [all.length, told.length - 1]
  const middle = reloads ? mean(all) : 0
  const part = sum(told.map(({ length }) => (length / reloads) ** 2))
  const within = sum(told.map((counts) => sumNthPowerDeviations(counts, 2))) / (reloads - told.length)
  const size = df > 0 ? (reloads * (1 - part)) / df : reloads
  const apart = df > 0 ? sum(told.map((counts) => counts.length * (mean(counts) - middle) ** 2)) / df : within
  return { boots: told.length, reloads, mean: middle, within, between: (apart - within) / size, size, part }
}

/**
 * The variance from boot to boot, moderated: what two boots say is weighed with what others have shown, each by how
 * sure it is (a variance is shrunk so by Smyth 2004; the weights are the credibility of Bühlmann 1967).
 *
 * @returns the variance, never below 0, and the degrees of freedom that it is worth
 */
export function moderated(counts: Pick<Counts, 'boots' | 'mean' | 'within' | 'between' | 'size'>, prior = BOOTS) {
  const { boots, within, between, size } = counts
  const expected = Math.min(prior.ratio * within, (prior.cv * counts.mean) ** 2)
  // Where reloads do not differ at all, each boot tells all of its mean.
  const sure = within > 0 ? expected / (within / size + expected) : 1
  const told = (boots - 1) * sure ** 2
  const variance = expected + (told / (prior.df + told)) * (between - expected)
  return { variance: Math.max(0, variance), df: prior.df + told }
}

/**
 * Estimates {@link BOOTS} from cells that ran in several boots, by moments: the spread is the mean over cells, by
 * their degrees of freedom, and `df` is what of its variance over cells chance does not explain.
 *
 * @param cells of each its boots, of each boot its counts by reload; cells without events or a second boot say nothing
 */
export function bootSpread(cells: number[][][]): BootSpread {
  const told = cells.map(countsOf).filter(({ boots, within }) => boots > 1 && within > 0)
  const average = (of: (counts: Counts) => number) =>
    sum(told.map((counts) => (counts.boots - 1) * of(counts))) / sum(told.map(({ boots }) => boots - 1))
  const ratio = average(({ between, within }) => between / within)
  const chance = ({ boots, size }: Counts) => (2 / (boots - 1)) * (1 / size + ratio) ** 2
  const excess = average((counts) => (counts.between / counts.within - ratio) ** 2 - chance(counts))
  return {
    ratio,
    cv: Math.sqrt(max([0, average(({ between, mean }) => between / mean ** 2)])),
    df: excess > 0 ? (2 * ratio ** 2) / excess : Infinity,
  }
}
