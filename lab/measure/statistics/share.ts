import { sum } from 'simple-statistics'
import { betaQuantile } from './distributions.ts'
import { LEVEL } from './looks.ts'

/** A share with the ends of its 95 % interval. */
export interface ShareEstimate {
  share: number
  low: number
  high: number
}

/**
 * A share of n trials with its exact 95 % interval (Clopper and Pearson 1934). For 0 of n the upper end is the one-sided
 * bound 1 − 0.05^(1/n), which the rule of three approximates by 3/n. Without a trial nothing is known: 0 to 1.
 *
 * Looking again and again does not harm that bound: one that is too low after n trials takes n of n without a hit at
 * whichever look, which is as rare as at one.
 *
 * @param n may be fractional, with hits, where trials are worth less than their number
 * @param level how many intervals with both ends may miss, see `meanInterval`
 */
export function shareInterval(hits: number, n: number, level = LEVEL): ShareEstimate {
  if (n === 0) return { share: 0, low: 0, high: 1 }
  if (hits === 0) return { share: 0, low: 0, high: 1 - LEVEL ** (1 / n) }
  const low = hits === n ? LEVEL ** (1 / n) : betaQuantile(level / 2, hits, n - hits + 1)
  return { share: hits / n, low, high: hits === n ? 1 : betaQuantile(1 - level / 2, hits + 1, n - hits) }
}

/**
 * A share of the trials of several boots, such as the exposed reloads that lose anything: {@link shareInterval}, with the
 * trials divided by the design effect, at least 1, where the boots differ more than by chance (Korn and Graubard 1998).
 * All or nothing, and a single boot, have no design effect.
 */
export function shareOver(boots: { hits: number; n: number }[], level = LEVEL): ShareEstimate {
  const informative = boots.filter(({ n }) => n > 0)
  const [hits, n] = [sum(informative.map((boot) => boot.hits)), sum(informative.map((boot) => boot.n))]
  if (informative.length < 2 || hits === 0 || hits === n) return shareInterval(hits, n, level)
  const share = hits / n
  const squares = sum(informative.map((boot) => (boot.hits - share * boot.n) ** 2))
  const variance = ((informative.length / (informative.length - 1)) * squares) / n ** 2
  const designEffect = Math.max(1, variance / ((share * (1 - share)) / n))
  return { ...shareInterval(hits / designEffect, n / designEffect, level), share }
}
