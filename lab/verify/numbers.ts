import { isDeepStrictEqual } from 'node:util'
import { contradictions } from '../measure/doubts/coherence.ts'
import { isMeasured, type MeasuredCell, type Result } from '../model/result.ts'
import { cellTitle, rereadCells } from '../saved/reread.ts'
import type { SavedRun } from '../saved/run.ts'
import { about, type Finding } from './finding.ts'

/**
 * Whether the numbers of a result fit together, and follow from its plan and events.
 *
 * @param alike whether the lab that made the run is this one, so that it would use the same words
 */
export function checkNumbers(folder: string, result: Result, plan: SavedRun | null, alike: boolean): Finding[] {
  const sums = about('sums')
  const wrong = contradictions(result)
  return [
    ...(wrong.length
      ? wrong.map((said) => sums.differs('result.json', said))
      : [sums.ok('result.json', 'its numbers fit together')]),
    ...checkPlan(result, plan),
    ...checkCells(folder, result, plan, alike),
  ]
}

/** What a plan and its result both say. */
const SHARED = ['name', 'started', 'argv', 'lab', 'host', 'sources', 'shard', 'kernels', 'cases', 'skipped'] as const

function checkPlan(result: Result, plan: SavedRun | null): Finding[] {
  const { ok, differs, unchecked } = about('plan')
  if (!plan) return [unchecked('plan.json', 'it was not kept: verdicts, hashes and commands follow from it')]
  const other = SHARED.filter((field) => !isDeepStrictEqual(result[field], plan[field]))
  if (other.length) return other.map((field) => differs('plan.json', `its ${field} is not that of result.json`))
  return [ok('plan.json', `it has the same ${SHARED.join(', ')}`)]
}

/** The words that say why a verdict is what it is, and what slowed a cell. */
function checkReason(of: string, cell: MeasuredCell, now: MeasuredCell, alike: boolean): Finding {
  const { ok, differs, unchecked } = about('reason')
  if (cell.reason === now.reason && isDeepStrictEqual(cell.noise, now.noise)) return ok(of, 'as this version words it')
  if (alike) return differs(of, `"${cell.reason}": by its events it is "${now.reason}"`)
  return unchecked(of, 'another version of the lab worded it')
}

/** Each cell, measured and judged again. */
function checkCells(folder: string, result: Result, plan: SavedRun | null, alike: boolean): Finding[] {
  const numbers = about('numbers')
  const verdicts = about('verdict')
  const failed = result.cells
    .filter((cell) => !isMeasured(cell))
    .map((cell) => numbers.unchecked(cellTitle(cell), 'it failed, and has none'))
  const measured = rereadCells(folder, result, plan).flatMap(
    ({ cell, again, amiss, differing, isJudged }): Finding[] => {
      const of = cellTitle(cell)
      const wrong = [...amiss, ...differing]
      if (wrong.length) return wrong.map((said) => numbers.differs(of, said))
      if (!again) return [numbers.unchecked(of, 'its events were not kept')]
      return [
        numbers.ok(of, 'as the events say'),
        ...(isJudged
          ? [verdicts.ok(of, 'as follows from the events of the run'), checkReason(of, cell, again, alike)]
          : [verdicts.unchecked(of, 'that takes the plan, and the events of all cells of the run')]),
      ]
    },
  )
  return [...measured, ...failed]
}
