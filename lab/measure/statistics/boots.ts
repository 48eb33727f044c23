import { max, mean, sum, sumNthPowerDeviations } from 'simple-statistics'
import { fBeyond } from './distributions.ts'

/** How far the means of a cell's boots lie apart, beyond what their reloads explain. */
export interface BootSpread {
  /** Variance from boot to boot over variance from reload to reload. Both are small near a load's ceiling. */
  ratio: number
  /** Coefficient of variation of the boots' means, a bound where few events make the ratio large. */
  cv: number
  /** The worth of this knowledge, in degrees of freedom of a variance. */
  df: number
}

/**
 * The {@link bootSpread} of the cells in reports/reference that lost connections in several boots and are not
 * {@link isUnlike} the others, rounded up; `lab/bench.ts coverage` prints it beside this one. They come from one host: 6
 * degrees of freedom let a cell's own boots speak when they disagree.
 */
export const BOOTS: BootSpread = { ratio: 0.06, cv: 0.22, df: 6 }

/** Analysis of variance of counts by reload in boots. */
export interface Counts {
  boots: number
  reloads: number
  mean: number
  /** Sample variance from reload to reload within boots; NaN where no boot has two reloads. */
  within: number
  /** Variance from boot to boot by these counts alone, which chance may make negative; 0 for one boot. */
  between: number
  /** Reloads a boot: the sum of `within / size` and `between` has boots − 1 degrees of freedom. */
  size: number
  /** The share of the variance from boot to boot that is in the mean: one over the boots, more if they are unequal. */
  part: number
}

/** @param boots counts by reload, a list a boot; a boot without a reload is ignored */
export function countsOf(boots: number[][]): Counts {
  const informative = boots.filter((counts) => counts.length > 0)
  const all = informative.flat()
  const [reloads, df] = [all.length, informative.length - 1]
  const overall = reloads ? mean(all) : 0
  const part = sum(informative.map(({ length }) => (length / reloads) ** 2))
  const within = sum(informative.map((counts) => sumNthPowerDeviations(counts, 2))) / (reloads - informative.length)
  const size = df > 0 ? (reloads * (1 - part)) / df : reloads
  const ofMeans = df > 0 ? sum(informative.map((counts) => counts.length * (mean(counts) - overall) ** 2)) / df : within
  return { boots: informative.length, reloads, mean: overall, within, between: (ofMeans - within) / size, size, part }
}

/** Boots lie too far apart to be of the kind of the others when chance would put them there less often. */
const UNLIKE = 0.01

type Spread = Pick<Counts, 'boots' | 'mean' | 'within' | 'between' | 'size'>

/** The variance from boot to boot that is usual for such counts. */
const usualFor = ({ within, mean }: Spread, prior: BootSpread) => Math.min(prior.ratio * within, (prior.cv * mean) ** 2)

/** Whether a cell's boots lie too far apart to be of the kind of the others, by an F test at {@link UNLIKE}. */
export function isUnlike(counts: Spread, prior = BOOTS): boolean {
  const { boots, within, between, size } = counts
  const [own, usual] = [within / size + between, within / size + usualFor(counts, prior)]
  return boots > 1 && usual > 0 && fBeyond(own / usual, boots - 1, prior.df) < UNLIKE
}

/**
 * The moderated variance from boot to boot: the variance of a cell's own boots, weighted with that of others, each by how
 * certain it is (variances are shrunk so by Smyth 2004; the weights are the credibility of Bühlmann 1967). Boots that are
 * {@link isUnlike} the others speak for themselves.
 *
 * @returns the variance, never below 0, and its degrees of freedom
 */
export function moderated(counts: Spread, prior = BOOTS) {
  const { boots, within, between, size } = counts
  if (isUnlike(counts, prior)) return { variance: between, df: boots - 1 }
  const expected = usualFor(counts, prior)
  // Where reloads do not differ at all, each boot tells its mean exactly.
  const certainty = within > 0 ? expected / (within / size + expected) : 1
  const ownDf = (boots - 1) * certainty ** 2
  const variance = expected + (ownDf / (prior.df + ownDf)) * (between - expected)
  return { variance: Math.max(0, variance), df: prior.df + ownDf }
}

/**
 * Estimates {@link BOOTS} from cells that ran in several boots, by the method of moments: the spread is the mean over
 * cells, weighted by their degrees of freedom, and `df` is the part of its variance over cells that chance does not explain.
 *
 * @param cells counts by reload, a list a boot in a list a cell; cells without events or a second boot are ignored
 */
export function bootSpread(cells: number[][][]): BootSpread {
  const informative = cells.map(countsOf).filter(({ boots, within }) => boots > 1 && within > 0)
  const average = (value: (counts: Counts) => number) =>
    sum(informative.map((counts) => (counts.boots - 1) * value(counts))) /
    sum(informative.map(({ boots }) => boots - 1))
  const ratio = average(({ between, within }) => between / within)
  const chance = ({ boots, size }: Counts) => (2 / (boots - 1)) * (1 / size + ratio) ** 2
  const excess = average((counts) => (counts.between / counts.within - ratio) ** 2 - chance(counts))
  return {
    ratio,
    cv: Math.sqrt(max([0, average(({ between, mean }) => between / mean ** 2)])),
    df: excess > 0 ? (2 * ratio ** 2) / excess : Infinity,
  }
}
