import { proxyName } from '../../../model/cell.ts'
import type { ExperimentFacts } from '../../../model/experiment.ts'
import { isMeasured, type MeasuredCell, type ResultCell, type Skipped } from '../../../model/result.ts'
import { whole } from '../../../model/text/amounts.ts'
import { maxacceptText, proxyTitle } from '../cells/conditions.ts'
import type { Group } from './groups.ts'

/** A row of an experiment. */
type Row = ExperimentFacts['rows'][number]

/** What a line is about: a cell of a row, a case of it that did not run, or a row that nothing was measured of. */
export interface Line {
  label: string
  row: Row
  outcome: { cell: ResultCell } | { skipped: Skipped } | 'nothing'
}

/** The lines of a row on one kernel: its cells in their order, and below them what did not run there. */
export function linesOf(row: Row, groups: Group[], all: Skipped[]): Line[] {
  const cells = groups.flatMap((group) => group.cells).filter(({ folder }) => row.cells.includes(folder))
  cells.sort((a, b) => row.cells.indexOf(a.folder) - row.cells.indexOf(b.folder))
  const isOfRow = ({ kernel, case: name, proxy }: Skipped) =>
    groups.some((group) => group.kernel === kernel) &&
    row.cases.includes(name) &&
    (proxy === undefined || row.proxies.includes(proxy))
  // In a comparison another run may have run it.
  const ran = ({ case: name, proxy }: Skipped) =>
    cells.some((cell) => cell.case === name && (proxy === undefined || proxyName(cell.proxy) === proxy))
  const skipped = all.filter((one) => isOfRow(one) && !ran(one))
  const labels = labelsOf(row.label, cells)
  if (cells.length + skipped.length === 0) return [{ label: row.label, row, outcome: 'nothing' }]
  return [
    ...cells.map((cell, i) => ({ label: labels[i]!, row, outcome: { cell } })),
    ...skipped.map((one) => ({
      label: words(row.label, row.cases.length > 1 ? one.case : '', row.proxies.length > 1 ? (one.proxy ?? '') : ''),
      row,
      outcome: { skipped: one },
    })),
  ]
}

/** The label of a row, with what differs among its cells. */
function labelsOf(label: string, cells: ResultCell[]): string[] {
  const parts = [
    ({ case: name }: ResultCell) => name,
    ({ load }: ResultCell) =>
      load.rate === null
        ? whole(load.users)
        : load.capacity === null
          ? `${whole(load.rate)} a second`
          : `${Math.round((100 * load.rate) / load.capacity)} % (${whole(load.rate)} a second)`,
    ({ proxy }: ResultCell) => proxyTitle(proxy),
    ({ proxy }: ResultCell) => `maxaccept ${maxacceptText(proxy.maxaccept)}`,
    ({ shard }: ResultCell) => (shard === undefined ? '' : `shard ${shard}`),
  ]
  const several = parts.filter((part) => new Set(cells.map(part)).size > 1)
  return cells.map((cell) => words(label, ...several.map((part) => part(cell))))
}

const words = (...parts: string[]) => parts.filter((part) => part !== '').join(', ')

/** The cell of a line; undefined where it did not run, or has no numbers. */
export const measuredIn = ({ outcome }: Line): MeasuredCell | undefined =>
  outcome !== 'nothing' && 'cell' in outcome && isMeasured(outcome.cell) ? outcome.cell : undefined
