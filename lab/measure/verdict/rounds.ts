import { type Cell, interleaved, type Start } from '../../model/cell.ts'
import type { EndedBoot } from '../boot.ts'
import { controlOf, lookedAt, outcomeOf } from './judged.ts'

/**
 * The boots that a run needs next; empty when it is complete. Of cells whose boots are fixed: all that have not ended. Of
 * cells that run until sure: one more for each that is not decided, that may still be, and that has had less than the
 * most, and one for what it is compared with. Rounds are interleaved, so that what drifts meets case and control alike.
 *
 * @param ended boots that ended, those that failed among them: none is run twice
 */
export function nextRound(cells: Cell[], ended: EndedBoot[]): Start[] {
  const outcomes = cells.map((cell) => outcomeOf(cell, ended))
  const all = outcomes.filter((outcome) => outcome.kind === 'done')
  const wanted = new Map<Cell, number>(cells.map((cell) => [cell, cell.untilSure ? latest(cell, ended) : cell.boots]))
  const want = (cell: Cell, boot: number) => wanted.set(cell, Math.max(boot, wanted.get(cell)!))
  for (const [i, outcome] of outcomes.entries()) {
    const cell = cells[i]!
    if (cell.untilSure && outcome.kind === 'interrupted') want(cell, 1)
    if (!cell.untilSure || outcome.kind !== 'done' || outcome.boots.length >= cell.boots) continue
    if (!lookedAt(outcome, all).open) continue
    for (const one of [outcome, controlOf(outcome, all)]) if (one) want(one.cell, outcome.boots.length + 1)
  }
  const has = ({ cell, boot }: Start) => ended.some((other) => other.cell === cell && other.boot === boot)
  return interleaved(cells).filter((start) => start.boot <= wanted.get(start.cell)! && !has(start))
}

/** The number of the last boot of a cell that ended: one before it may be missing where a run was interrupted. */
const latest = (cell: Cell, ended: EndedBoot[]) =>
  Math.max(0, ...ended.filter((boot) => boot.cell === cell).map(({ boot }) => boot))
