import { isDeepStrictEqual } from 'node:util'
import { loadCase, NoCase } from '../../../cases/load.ts'
import { proxyNamed } from '../../../images/proxies/proxies.ts'
import { isFor, resolveCase } from '../../model/case/resolve.ts'
import type { Cell } from '../../model/cell.ts'

/**
 * The files of cases that have changed since a run was planned. Its cells keep the planned case, so that the boots that
 * have ended and those still to run measure the same.
 *
 * @param files of the cases, by their names
 * @param cells that are still to run
 */
export async function changedCases(files: Record<string, string>, cells: Cell[]): Promise<string[]> {
  const changed = new Set<string>()
  for (const cell of oneEach(cells)) {
    const file = files[cell.case.name]
    if (file && !changed.has(file) && !(await isAsPlanned(file, cell))) changed.add(file)
  }
  return [...changed]
}

/** Cells that differ in their cases or proxies. */
const oneEach = (cells: Cell[]) => [
  ...new Map(cells.map((cell) => [`${cell.case.name} ${cell.proxy.name}`, cell])).values(),
]

async function isAsPlanned(file: string, { case: planned, proxy }: Cell): Promise<boolean> {
  try {
    const loaded = await loadCase(file)
    if (!isFor(loaded, proxy.name)) return false
    // As JSON, like the plan: fields that are undefined are not in it.
    const now = JSON.parse(JSON.stringify(resolveCase(loaded, proxyNamed(proxy.name))))
    return isDeepStrictEqual(now, JSON.parse(JSON.stringify(planned)))
  } catch (error) {
    if (error instanceof NoCase) return false
    throw error
  }
}
