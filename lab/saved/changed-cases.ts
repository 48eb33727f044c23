import { isDeepStrictEqual } from 'node:util'
import { loadCase, NoCase } from '../../cases/load.ts'
import { proxyNamed } from '../../images/proxies/proxies.ts'
import type { Cell } from '../model/cell.ts'
import { isFor, resolveCase } from '../model/resolve.ts'

/**
 * The files of cases that say something else now than when a run was planned, which its cells do not follow: what has
 * ended and what is still to run must be of one and the same case.
 *
 * @param files of the cases, by their names
 * @param cells that are still to run
 */
export async function mendedCases(files: Record<string, string>, cells: Cell[]): Promise<string[]> {
  const mended = new Set<string>()
  for (const cell of oneEach(cells)) {
    const file = files[cell.case.name]
    if (file && !mended.has(file) && !(await isAsPlanned(file, cell))) mended.add(file)
  }
  return [...mended]
}

/** Cells that differ in their cases or proxies. */
const oneEach = (cells: Cell[]) => [
  ...new Map(cells.map((cell) => [`${cell.case.name} ${cell.proxy.name}`, cell])).values(),
]

async function isAsPlanned(file: string, { case: planned, proxy }: Cell): Promise<boolean> {
  try {
    const loaded = await loadCase(file)
    if (!isFor(loaded, proxy.name)) return false
    // As the plan has it: what is undefined is not there.
    const now = JSON.parse(JSON.stringify(resolveCase(loaded, proxyNamed(proxy.name))))
    return isDeepStrictEqual(now, JSON.parse(JSON.stringify(planned)))
  } catch (error) {
    if (error instanceof NoCase) return false
    throw error
  }
}
