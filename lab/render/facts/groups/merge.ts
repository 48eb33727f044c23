import { proxyName } from '../../../model/cell.ts'
import type { ExperimentFacts } from '../../../model/experiment.ts'
import type { Result, Skipped } from '../../../model/result.ts'
import { mergedCases } from '../cells/cases.ts'
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
  experiments: result.experiments.map((experiment) => ({
    ...experiment,
    rows: experiment.rows.map((row) => ({ ...row, cells: row.cells.map((cell) => `${root}/${cell}`) })),
  })),
})

/** The experiments of several runs: those that ask the same in the same rows are one, with the cells and proxies of all. */
function mergedExperiments(all: ExperimentFacts[]): ExperimentFacts[] {
  const asked = ({ rows, ...facts }: ExperimentFacts) =>
    JSON.stringify([facts, rows.map(({ cells: _, proxies: __, ...row }) => row)])
  const bySame = new Map<string, ExperimentFacts>()
  for (const experiment of all) {
    const other = bySame.get(asked(experiment))
    const rows = experiment.rows.map((row, i) => ({
      ...row,
      proxies: [...new Set([...(other?.rows[i]?.proxies ?? []), ...row.proxies])],
      cells: [...(other?.rows[i]?.cells ?? []), ...row.cells],
    }))
    bySame.set(asked(experiment), { ...experiment, rows })
  }
  return [...bySame.values()]
}

/** What a run skipped, told with its proxy where it has but one: another run may have skipped it with another. */
function skippedWithProxy({ skipped, cells }: Result): Skipped[] {
  const [proxy, ...others] = new Set(cells.map((cell) => proxyName(cell.proxy)))
  if (others.length > 0) return skipped
  return skipped.map((one) => (one.case === '*' || one.proxy ? one : { ...one, proxy }))
}

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
      skipped: unique(results.flatMap(skippedWithProxy), (skipped) => JSON.stringify(skipped)),
      kernels: unique(
        results.flatMap(({ kernels }) => kernels),
        ({ kernel, imageSha256 }) => JSON.stringify([kernel, imageSha256]),
      ).sort((a, b) => byVersion(a.series, b.series) || byVersion(a.kernel, b.kernel)),
      cases: mergedCases(results),
      experiments: mergedExperiments(results.flatMap(({ experiments }) => experiments)),
      interrupted: results.some(({ interrupted }) => interrupted),
    },
  }
}
