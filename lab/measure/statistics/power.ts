import { counted } from '../../model/text/amounts.ts'
import { type Counts, countsOf, moderated } from './boots.ts'
import { normalQuantile, tQuantile } from './distributions.ts'
import { LEVEL } from './looks.ts'

/** A difference is told in so many of a hundred tries. */
const POWER = 0.8
/** With more boots than this nobody finds out. */
const MOST_BOOTS = 100_000

/** What it takes of each of two cells. */
export interface Needed {
  /** Exposed reloads. */
  reloads: number
  boots: number
}

/**
 * How many reloads and boots it takes to tell two cells apart, with boots as long as they were: the moderated t test of
 * difference.ts turned round (a normal power calculation, as in Cohen 1988, with the t quantile of its degrees of freedom).
 * The variances from reload to reload and from boot to boot are those of the two cells.
 *
 * @param a counts by reload, a list a boot; as `b`
 * @param difference of their means, of either sign
 * @param level below which p must be, see looks.ts
 * @returns null where there is no difference, where nothing is known of the variance, and where no number of boots is enough
 */
export function neededFor(a: number[][], b: number[][], difference: number, level = LEVEL): Needed | null {
  const sides = [countsOf(a), countsOf(b)] as const
  if (difference === 0 || sides.some(({ boots, within }) => boots === 0 || Number.isNaN(within))) return null
  const enough = (boots: number) => {
    const { error, df } = errorOf(sides, boots)
    return Math.abs(difference) >= error * (tQuantile(level, df) + normalQuantile(2 * (1 - POWER)))
  }
  if (!enough(MOST_BOOTS)) return null
  let [low, high] = [0, MOST_BOOTS]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (enough(middle)) high = middle
    else low = middle
  }
  const perBoot = Math.max(...sides.map(({ reloads, boots }) => reloads / boots))
  return { boots: high, reloads: Math.ceil(high * perBoot) }
}

/** Standard error of the difference of two cells with so many boots each, and its degrees of freedom (Satterthwaite 1946). */
function errorOf(sides: readonly Counts[], boots: number): { error: number; df: number } {
  const parts = sides.map((side) => {
    const perBoot = side.reloads / side.boots
    const spread = moderated(side)
    return {
      within: side.within / (boots * perBoot),
      between: spread.variance / boots,
      withinDf: Math.max(1, boots * (perBoot - 1)),
      betweenDf: spread.df + Math.max(0, boots - side.boots),
    }
  })
  let [variance, uncertainty] = [0, 0]
  for (const { within, between, withinDf, betweenDf } of parts) {
    variance += within + between
    uncertainty += within ** 2 / withinDf + between ** 2 / betweenDf
  }
  return { error: Math.sqrt(variance), df: uncertainty > 0 ? variance ** 2 / uncertainty : MOST_BOOTS }
}

/** "1,240 reloads in 62 boots" */
export const amountNeeded = ({ reloads, boots }: Needed) => `${counted(reloads, 'reload')} in ${counted(boots, 'boot')}`
