import { mean } from 'simple-statistics'
import { resetsByBoot } from '../../measure/measure.ts'
import { amountNeeded, neededFor } from '../../measure/statistics/power.ts'
import { isMeasured, type MeasuredCell } from '../../model/result.ts'
import { atCeiling, comparable } from '../facts/cells/account.ts'
import { probability } from '../facts/cells/numbers.ts'
import { change } from '../facts/change.ts'
import type { Group } from '../facts/groups/groups.ts'
import { name, type Words } from './words.ts'

/** The p of a difference from `none` that is not sure; undefined where it is, and where nothing was compared. */
function unsureP(cell: MeasuredCell, base: MeasuredCell | undefined): number | undefined {
  // Where this is why the verdict is inconclusive, the cell is in no comparison, and its reason has the p.
  if (cell.verdict === 'inconclusive') {
    const told = /, p = (\S+)( \(level \S+\))?, no significant difference/.exec(cell.reason)
    return told ? Number(told[1]) : undefined
  }
  const found = change(cell, base)
  return found && !found.sure ? found.p : undefined
}

/** The cases that cannot be told from `none`, a sentence each: "`settle`: no significant difference (p = 0.055)". */
export const unsureWords = (all: Group[]): Words[] =>
  all.flatMap(({ cells, base, label }) =>
    cells.filter(isMeasured).flatMap((cell) => {
      const p = cell === base || cell.reloads === 0 ? undefined : unsureP(cell, base)
      const on = all.length > 1 ? ` on ${label}` : ''
      return p === undefined ? [] : [`${name(cell.case)}${on}: no significant difference (${probability(p)})`]
    }),
  )

/** The difference that a report says how to tell, as a share of what is lost without a mitigation. */
const TOLD = 0.1

/** How many reloads it takes to tell a case from `none` that loses a tenth fewer, a sentence a group. */
export const neededWords = (all: Group[]): Words[] =>
  all.flatMap(({ base, label }) => {
    if (!base?.resets || !comparable(base) || atCeiling(base)) return []
    const boots = resetsByBoot(base, 'exposed')
    const needed = neededFor(boots, boots, TOLD * mean(boots.flat()), base.level)
    const on = all.length > 1 ? ` on ${label}` : ''
    return needed
      ? [
          `A case that loses ${100 * TOLD}\u00a0% fewer than ${name('none')}${on} can be told after about ${amountNeeded(needed)} of each`,
        ]
      : []
  })
