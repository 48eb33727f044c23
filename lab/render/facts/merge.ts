import type { Result } from '../../model/result.ts'
import { byVersion } from './groups.ts'

/** A saved run that takes part in a comparison. */
export interface Run {
  /** What it is called in the comparison, unique in it: the name of its folder. */
  label: string
  /** Its folder as seen from the comparison, so that the links to its cells lead there. */
  root: string
  result: Result
}

/** The result of a run as seen from another folder, so that the links to its cells and configurations lead there. */
export const seenFromOutside = ({ root, result }: Run): Result => ({
  ...result,
  cells: result.cells.map((cell) => ({ ...cell, folder: `${root}/${cell.folder}` })),
  kernels: result.kernels.map((kernel) => ({
    ...kernel,
    config: kernel.config && { ...kernel.config, file: `${root}/${kernel.config.file}` },
  })),
})

/**
 * Several runs as one result: the cells one run after the other, and beside them, for the renderers, the label of
 * each cell's run. What belongs to one run alone (host, lab) is the first run's and not shown in a comparison.
 *
 * @param argv the command line that makes the comparison again
 */
export function merge(name: string, argv: string[], runs: [Run, ...Run[]]): { result: Result; labels: string[] } {
  const results = runs.map(seenFromOutside)
  const unique = <T>(items: T[], key: (item: T) => string) => [
    ...new Map(items.map((item) => [key(item), item])).values(),
  ]
  return {
    labels: runs.flatMap(({ label, result }) => result.cells.map(() => label)),
    result: {
      ...runs[0].result,
      name,
      argv,
      started: results.map(({ started }) => started).toSorted()[0]!,
      seconds: results.reduce((total, { seconds }) => total + seconds, 0),
      cells: results.flatMap(({ cells }) => cells),
      skipped: unique(
        results.flatMap(({ skipped }) => skipped),
        (skipped) => JSON.stringify(skipped),
      ),
      kernels: unique(
        results.flatMap(({ kernels }) => kernels),
        ({ kernel, imageSha256 }) => JSON.stringify([kernel, imageSha256]),
      ).sort((a, b) => byVersion(a.series, b.series) || byVersion(a.kernel, b.kernel)),
      cases: unique(
        results.flatMap(({ cases }) => cases),
        ({ name }) => name,
      ),
      interrupted: results.some(({ interrupted }) => interrupted),
    },
  }
}
