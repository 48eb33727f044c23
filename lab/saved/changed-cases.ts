import { isDeepStrictEqual } from 'node:util'
import { loadCase, NoCase } from '../../cases/load.ts'
import type { Case } from '../model/case.ts'
import type { Cell } from '../model/cell.ts'

/**
 * The files of cases that have changed since a run was planned. Its cells keep the planned case, so that the boots that
 * have ended and those still to run measure the same.
 *
 * @param files of the cases, by their names
 * @param cells that are still to run
 */
export async function changedCases(files: Record<string, string>, cells: Cell[]): Promise<string[]> {
  const planned = new Map(cells.map((cell) => [cell.case.name, cell.case]))
  const changed: string[] = []
  for (const [name, theCase] of planned)
    if (files[name] && !(await isAsPlanned(files[name], theCase))) changed.push(files[name])
  return changed
}

async function isAsPlanned(file: string, planned: Case): Promise<boolean> {
  try {
    // As JSON, like the plan: fields that are undefined are not in it.
    return isDeepStrictEqual(JSON.parse(JSON.stringify(await loadCase(file))), JSON.parse(JSON.stringify(planned)))
  } catch (error) {
    if (error instanceof NoCase) return false
    throw error
  }
}
