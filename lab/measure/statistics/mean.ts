import { countsOf, moderated } from './boots.ts'
import { gammaQuantile, normalQuantile, tQuantile } from './distributions.ts'
import { LEVEL } from './looks.ts'

/** The least resets to expect of another lossy reload once there were several: on average rare ones have 1.5, and large ones come late. */
const LEAST_NEXT = 1.75
/** The normal quantile of LEVEL to the last digit, so that saved runs give the same intervals again. */
const NORMAL = 1.959963984540054

/**
 * Resets per reload with their 95 % interval: the gamma interval of Fay and Feuer (1997), in which a lossy reload is an event
 * weighted by its resets. For single resets it is the exact Poisson interval (1 in 80 reloads: 0.0003 to 0.07), for many
 * events the normal one. Its variance is that from reload to reload plus that from boot to boot (boots.ts); where it had
 * to be estimated, t widens it (Satterthwaite 1946).
 *
 * @param boots resets by reload, a list a boot
 * @param level how many intervals may miss: after one of several looks fewer than 5 %, so that those of all looks together
 *   hold the mean in 95 % (repeated confidence intervals, Jennison and Turnbull 1989)
 * @returns `high` null where nothing bounds the mean: without any reset there is no bound on what one reload may lose, only
 *   on the share of reloads that lose anything (share.ts)
 */
export function meanInterval(boots: number[][], level = LEVEL): { mean: number; low: number; high: number | null } {
  const counts = countsOf(boots)
  const { mean, reloads } = counts
  if (mean === 0) return { mean: 0, low: 0, high: null }
  // With one reload a boot nothing says how much another might lose.
  if (Number.isNaN(counts.within)) return { mean, low: 0, high: null }
  const lossy = boots.flat().filter((count) => count > 0).length
  const { variance, df } = moderated(counts)
  const parts = { reloads: counts.within / reloads, boots: variance * counts.part }
  // Single resets are known to have the variance of their mean. The rest comes from the sizes of lossy reloads, which are
  // skewed: knowing their variance takes three times as many as for normal ones.
  const sizes = Math.max(0, parts.reloads - mean / reloads)
  const total = parts.reloads + parts.boots
  const uncertainty = sizes ** 2 / Math.max(2, (lossy - 1) / 3) + parts.boots ** 2 / df
  const spread = total * widening(total ** 2 / uncertainty, level)
  // The upper end counts one more event, as large as resets come together: their variance over their mean. A single reset
  // stands for itself and bounds the mean as a Poisson count does.
  const size = counts.within / mean
  const next = (lossy > 1 ? Math.max(LEAST_NEXT, size) : size) / reloads
  return {
    mean,
    low: spread ? gammaEnd(level / 2, mean, spread) : mean,
    high: gammaEnd(1 - level / 2, mean + next, spread + next ** 2),
  }
}

/** The factor by which a variance grows that is known with `df` degrees of freedom only. */
function widening(df: number, level: number): number {
  const normal = level === LEVEL ? NORMAL : normalQuantile(level)
  return !(df < 1e5) ? 1 : (tQuantile(level, df) / normal) ** 2
}

function gammaEnd(p: number, mean: number, variance: number): number {
  return (gammaQuantile(p, mean ** 2 / variance) * variance) / mean
}
