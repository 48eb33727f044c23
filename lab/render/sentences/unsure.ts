import { isMeasured, type MeasuredCell } from '../../model/result.ts'
import { change } from '../facts/change.ts'
import type { Group } from '../facts/groups.ts'
import { probability } from '../facts/numbers.ts'
import { name, type Words } from './words.ts'

/** A difference is sure below this p, as verdicts have it. */
const SIGNIFICANT = 0.05

/** The p of a difference from `none` that is not sure; undefined where it is, and where nothing was compared. */
function unsureP(cell: MeasuredCell, base: MeasuredCell | undefined): number | undefined {
  // Where this is why the verdict is inconclusive, the cell is in no comparison, and its reason has the p.
  const told = /, p = (\S+), no significant difference/.exec(cell.reason)
  const p = cell.verdict === 'inconclusive' ? Number(told?.[1]) : change(cell, base)?.p
  return p !== undefined && p >= SIGNIFICANT ? p : undefined
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
