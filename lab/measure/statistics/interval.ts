import { countsOf, moderated } from './boots.ts'
import { gammaQuantile, tQuantile } from './distributions.ts'

/** Resets that the next lossy reload has, at least, once there were several: where few are lost it has 1.5 in the mean, and large ones come late. */
const NEXT = 1.75
/** Where the normal distribution leaves 5 % outside. */
const NORMAL = 1.959963984540054

/**
 * Resets a reload with the ends of their 95 % interval: the gamma interval of Fay and Feuer (1997), in which a reload
 * that loses connections is an event, weighted with what it lost. Of single resets it is the exact Poisson interval
 * (1 in 80 reloads: 0.0003 to 0.07), of many events it becomes the normal one. Its variance is that from reload to
 * reload plus that from boot to boot (boots.ts); where it had to be estimated, t widens it (Satterthwaite 1946).
 *
 * `high` is null where nothing bounds the mean: of no reset none follows without a bound on how much one reload may
 * lose. What is known then is a bound on the share of reloads that lose anything, see `shareInterval`.
 *
 * @param boots resets by reload, a list a boot
 */
export function meanInterval(boots: number[][]): { mean: number; low: number; high: number | null } {
  const counts = countsOf(boots)
  const { mean, reloads } = counts
  if (mean === 0) return { mean: 0, low: 0, high: null }
  // One reload a boot: nothing says how much another might lose.
  if (Number.isNaN(counts.within)) return { mean, low: 0, high: null }
  const all = boots.flat()
  const lossy = all.filter((count) => count > 0).length
  const { variance, df } = moderated(counts)
  const parts = { reloads: counts.within / reloads, boots: variance * counts.part }
  // That single resets have the variance of their mean is known. What is more comes of the sizes of `lossy` reloads, which
  // are skewed: of such sizes three times as many are needed to know a variance as well as of normal ones.
  const sizes = Math.max(0, parts.reloads - mean / reloads)
  const total = parts.reloads + parts.boots
  const unsure = sizes ** 2 / Math.max(2, (lossy - 1) / 3) + parts.boots ** 2 / df
  const spread = total * widening(total ** 2 / unsure)
  // The upper end counts one event more, as large as resets come together: their variance over their mean. A single
  // reset is taken at its word: it bounds the mean as a Poisson count does.
  const size = counts.within / mean
  const next = (lossy > 1 ? Math.max(NEXT, size) : size) / reloads
  return {
    mean,
    low: spread ? gammaEnd(0.025, mean, spread) : mean,
    high: gammaEnd(0.975, mean + next, spread + next ** 2),
  }
}

/** By how much a variance grows that is known with `df` degrees of freedom only. */
function widening(df: number): number {
  return !(df < 1e5) ? 1 : (tQuantile(0.05, df) / NORMAL) ** 2
}

function gammaEnd(p: number, mean: number, variance: number): number {
  return (gammaQuantile(p, mean ** 2 / variance) * variance) / mean
}
