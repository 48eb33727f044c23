import { isMeasured, type MeasuredCell, type Result, type Skipped } from '../measure/result.ts'
import { bootstrapMean } from '../measure/statistics.ts'
import { lost, lostOtherwise } from './account.ts'
import { decimal, perReload, whole } from './format.ts'
import { byVersion, type Cell, type Group } from './groups.ts'

/** With more groups than that, what is said of each is kept short, and the overview leads. */
export const FEW = 2

/** What became of a case on a kernel; nothing when it was not asked for there. */
export type Field = { cell: Cell } | { skipped: Skipped } | undefined

/** A kernel of a comparison. */
export interface Row {
  label: string
  title: string
  /** One field a case; none for a kernel that could not be had. */
  fields: Field[]
  /** Why the kernel could not be had. */
  reason?: string
}

/** Kernels by cases: the rows by version, the oldest first, those that could not be had among them. */
export function matrix(result: Result, all: Group[]): { cases: string[]; rows: Row[] } {
  const met = [...result.cells, ...result.skipped].map((one) => one.case).filter((name) => name !== '*')
  const cases = [...new Set([...result.cases.map(({ name }) => name).filter((name) => met.includes(name)), ...met])]
  const rows = all.map((group) => ({
    version: group.series,
    label: group.label,
    title: group.title,
    fields: cases.map((name): Field => {
      const cell = group.cells.find((found) => found.case === name)
      const skipped = group.skipped.find((found) => found.case === name)
      return cell ? { cell } : skipped && { skipped }
    }),
  }))
  const unobtained = notHad(result).map(({ kernel, reason }) => ({
    version: kernel,
    label: kernel,
    title: kernel,
    fields: [],
    reason,
  }))
  const ordered = [...rows, ...unobtained].sort((a, b) => byVersion(a.version, b.version))
  return { cases, rows: ordered.map(({ version: _, ...row }) => row) }
}

/** The kernels that could not be had as a whole. */
export const notHad = (result: Result) => result.skipped.filter((skipped) => skipped.case === '*')

/** Refused connections a reload, with the 95 % interval drawn from the reloads, as that of the resets. */
export const refusedPerReload = (cell: MeasuredCell) => bootstrapMean(cell.refusedByReload, cell.seed)

/** What a field of the matrix says of a cell that measured something, a line each; all numbers are a reload. */
export interface Said {
  main: string
  interval: string
  /** What was lost otherwise than by a reset, so that a small number of resets does not hide it. */
  more: string[]
}

export function said(cell: MeasuredCell): Said {
  if (cell.reloads === 0) return { main: `${whole(lost(cell))} lost`, interval: 'no reloads', more: [] }
  const [main, interval] = perReload(cell)
  const more = [
    [cell.refused, 'refused'],
    [lostOtherwise(cell), 'otherwise'],
  ] as const
  return {
    main,
    interval,
    more: more.flatMap(([count, how]) => (count > 0 ? [`+ ${decimal(count / cell.reloads)} ${how}`] : [])),
  }
}

/** Legend of the matrix, a sentence each; what it says holds for each way to show it. */
export const MATRIX_LEGEND = [
  'Resets a reload and their 95 % interval; with no reset at all, the upper bound.',
  'Below it what was refused, or lost otherwise (timed out, cut short), a reload as well.',
]

/** Of a case, its number on each kernel: nothing where it has none. */
export interface Track {
  case: string
  points: ({ mean: number; low: number; high: number; cell: MeasuredCell } | undefined)[]
}

/**
 * What the cases lost over the kernels, those that lost anything of the kind: a track a case, a point a group.
 *
 * @param kind resets, or refused connections
 */
export function tracks(all: Group[], cases: string[], kind: 'resets' | 'refused'): Track[] {
  return cases
    .map((name) => ({
      case: name,
      points: all.map((group) => {
        const cell = group.cells.find((found) => found.case === name)
        if (!cell || !isMeasured(cell) || cell.reloads === 0) return undefined
        return { ...(kind === 'resets' ? cell.resetsPerReload : refusedPerReload(cell)), cell }
      }),
    }))
    .filter(({ points }) => points.some((point) => point && point.cell[kind] > 0))
}
