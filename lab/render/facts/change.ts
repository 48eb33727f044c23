import { mean } from 'simple-statistics'
import { resetsByBoot } from '../../measure/measure.ts'
import { differenceP } from '../../measure/statistics/difference.ts'
import { isMeasured, type MeasuredCell } from '../../model/result.ts'
import { atCeiling, comparable } from './account.ts'
import type { Cell, Group } from './groups.ts'

/** How the resets an exposed reload differ from those of another cell. */
export interface Change {
  /** −1 to ∞; null when the other has none to compare with. */
  share: number | null
  p: number
}

/** What was compared once: a report says it in several places, and a permutation test takes its time. */
const COMPARED = new WeakMap<MeasuredCell, WeakMap<MeasuredCell, Change>>()

/**
 * The change from `base` to `cell`; nothing when either may not be compared, or they are the same. Nothing either when
 * one of them is at the ceiling of the load, which then hides how they differ, unless nothing is left of it.
 */
export function change(cell: Cell, base: Cell | undefined): Change | undefined {
  if (!base || cell === base || !isMeasured(cell) || !isMeasured(base)) return undefined
  if (!comparable(cell) || !comparable(base) || ceiling(cell, base)) return undefined
  const known = COMPARED.get(cell) ?? new WeakMap<MeasuredCell, Change>()
  COMPARED.set(cell, known)
  const found = known.get(base) ?? changeOf(cell, base)
  known.set(base, found)
  return found
}

function changeOf(cell: MeasuredCell, base: MeasuredCell): Change {
  // Of the exposed reloads only, as the p is: a case that starves its clients loses few because few are there to lose.
  const [its, others] = [cell, base].map((of) => resetsByBoot(of, 'exposed')) as [number[][], number[][]]
  const [at, from] = [its, others].map((boots) => (boots.flat().length ? mean(boots.flat()) : 0)) as [number, number]
  const share = from > 0 ? at / from - 1 : at === 0 ? 0 : null
  return { share, p: differenceP(its, others, cell.seed) }
}

/** Whether the ceiling of the load hides how two cells differ. */
export const ceiling = (cell: Cell, base: Cell | undefined): boolean =>
  base !== undefined &&
  cell !== base &&
  isMeasured(cell) &&
  isMeasured(base) &&
  cell.resets > 0 &&
  (atCeiling(cell) || atCeiling(base))

/**
 * The same case in the first of several runs: on the same kernel when that run has it, else on the only kernel
 * that it has the case on, which is how a patched kernel is compared with its parent.
 */
export function inFirstRun(cell: Cell, group: Group, all: Group[]): Cell | undefined {
  const { first } = group
  if (first === undefined || group.run === first) return undefined
  const same = all
    .filter(({ run, load }) => run === first && load.name === group.load.name)
    .flatMap(({ cells }) =>
      cells.filter(({ case: name, proxy }) => name === cell.case && proxy.maxaccept === cell.proxy.maxaccept),
    )
  return same.find(({ kernel }) => kernel === cell.kernel) ?? (same.length === 1 ? same[0] : undefined)
}
