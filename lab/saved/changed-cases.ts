import { isDeepStrictEqual } from 'node:util'
import { loadCase, NoCase } from '../../cases/load.ts'
import type { Case } from '../model/case.ts'
import type { Cell } from '../model/cell.ts'

/**
 * The files of cases that say something else now than when a run was planned, which its cells do not follow: what has
 * ended and what is still to run must be of one and the same case.
 *
 * @param files of the cases, by their names
 * @param cells that are still to run
 */
export async function mendedCases(files: Record<string, string>, cells: Cell[]): Promise<string[]> {
  const planned = new Map(cells.map((cell) => [cell.case.name, cell.case]))
  const mended: string[] = []
  for (const [name, of] of planned) if (files[name] && !(await isAsPlanned(files[name], of))) mended.push(files[name])
  return mended
}

async function isAsPlanned(file: string, planned: Case): Promise<boolean> {
  try {
    // As the plan has it: what is undefined is not there.
    return isDeepStrictEqual(JSON.parse(JSON.stringify(await loadCase(file))), JSON.parse(JSON.stringify(planned)))
  } catch (error) {
    if (error instanceof NoCase) return false
    throw error
  }
}
