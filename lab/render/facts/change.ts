import { mean } from 'simple-statistics'
import { resetsByBoot } from '../../measure/measure.ts'
import { differenceP } from '../../measure/statistics/difference.ts'
import { isMeasured, type MeasuredCell, type ResultCell } from '../../model/result.ts'
import { atCeiling, comparable } from './cells/account.ts'
import type { Group } from './groups/groups.ts'
import { onOneKind } from './machines/machines.ts'

/** How the resets an exposed reload differ from those of another cell. */
export interface Change {
  /** −1 to ∞; null when the other has none to compare with. */
  share: number | null
  p: number
  /** Whether p is below the level of both cells, see `level` in lab/model/result/measured.ts. */
  sure: boolean
}

/** Comparisons that were made: a report tells each in several places, and a permutation test takes its time. */
const COMPARED = new WeakMap<MeasuredCell, WeakMap<MeasuredCell, Change>>()

/**
 * The change from `base` to `cell`; undefined when either may not be compared, when they are the same, and when one is
 * at the ceiling of the load, which hides how they differ, unless the cell lost none; and when they ran on two kinds of CPU.
 */
export function change(cell: ResultCell, base: ResultCell | undefined): Change | undefined {
  if (!base || cell === base || !isMeasured(cell) || !isMeasured(base)) return undefined
  if (!comparable(cell) || !comparable(base) || hiddenByCeiling(cell, base)) return undefined
  if (!onOneKind(cell, base)) return undefined
  const known = COMPARED.get(cell) ?? new WeakMap<MeasuredCell, Change>()
  COMPARED.set(cell, known)
  const found = known.get(base) ?? changeOf(cell, base)
  known.set(base, found)
  return found
}

function changeOf(cell: MeasuredCell, base: MeasuredCell): Change {
  // Only exposed reloads count, as for p: a case that starves its clients loses few because it has few to lose.
  const [boots, baseBoots] = [resetsByBoot(cell, 'exposed'), resetsByBoot(base, 'exposed')]
  const meanOf = (all: number[][]) => (all.flat().length > 0 ? mean(all.flat()) : 0)
  const [at, from] = [meanOf(boots), meanOf(baseBoots)]
  const share = from > 0 ? at / from - 1 : at === 0 ? 0 : null
  const p = differenceP(boots, baseBoots, cell.seed, cell.mostBoots !== null && cell.resets > 0)
  return { share, p, sure: p < Math.min(cell.level, base.level) }
}

/** Whether the ceiling of the load hides how two cells differ. */
export const hiddenByCeiling = (cell: ResultCell, base: ResultCell | undefined): boolean =>
  base !== undefined &&
  cell !== base &&
  isMeasured(cell) &&
  isMeasured(base) &&
  cell.resets > 0 &&
  (atCeiling(cell) || atCeiling(base))

/**
 * The same case with the same proxy in the first of several runs: on the same kernel when that run has it, else on the
 * only kernel that it has the case on, which is how a patched kernel is compared with its parent.
 */
export function inFirstRun(cell: ResultCell, group: Group, all: Group[]): ResultCell | undefined {
  const { first } = group
  if (first === undefined || group.run === first) return undefined
  const same = all
    .filter(({ run, load }) => run === first && load.name === group.load.name)
    .flatMap(({ cells }) =>
      cells.filter(
        ({ case: name, proxy }) =>
          name === cell.case && proxy.name === cell.proxy.name && proxy.maxaccept === cell.proxy.maxaccept,
      ),
    )
  return same.find(({ kernel }) => kernel === cell.kernel) ?? (same.length === 1 ? same[0] : undefined)
}
