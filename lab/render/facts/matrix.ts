import { meanInterval } from '../../measure/statistics/interval.ts'
import { isMeasured, type MeasuredCell, type Result, type Skipped } from '../../model/result.ts'
import { answers, lost, lostOtherwise } from './account.ts'
import { bound, decimal, doubtful, exposure, perReload, whole } from './format.ts'
import { byVersion, type Cell, type Group, places } from './groups.ts'

/** With more kernels or proxies than that, or more loads of them, what is said of each is kept short, and the overview leads. */
const [FEW, FEW_GROUPS] = [2, 4]
export const many = (all: Group[]) => places(all).length > FEW || all.length > FEW_GROUPS

/** With more cells nobody looks at each: they have rows in tables, and no charts of their own. */
const MOST_CELLS = 120
export const brief = (all: Group[]) => big(all) || all.flatMap(({ cells }) => cells).length > MOST_CELLS

/** With more cells, or groups of cells, nobody looks at each group either. */
const [BIG, MOST_GROUPS] = [240, 40]
export const big = (all: Group[]) => all.flatMap(({ cells }) => cells).length > BIG || all.length > MOST_GROUPS

/** Whether kernels are to be laid against cases: there is more than one place, and not so many that nobody reads it. */
export const hasMatrix = (result: Result, all: Group[]) =>
  all.length > 0 && !big(all) && places(all).length + notHad(result).length > 1

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

/** What a field of the matrix says of a cell that measured something, a line each; all numbers are a reload. */
export interface Said {
  main: string
  /** The interval; of a zero, how many of how many reloads were exposed, and the bound that follows. */
  detail: string[]
  /** What was lost otherwise than by a reset, so that a small number of resets does not hide it. */
  more: string[]
}

export function said(cell: MeasuredCell): Said {
  const { reloads, exposed, refused } = cell
  if (reloads === 0) return { main: `${whole(lost(cell))} lost`, detail: ['no reloads'], more: [] }
  const [main, interval] = perReload(cell)
  const most = answers(cell) ? bound(cell) : undefined
  const met = `in ${exposed === null ? '?' : whole(exposed)} of ${whole(reloads)}`
  const more = [
    [refused, 'refused'],
    [lostOtherwise(cell), 'otherwise'],
  ] as const
  return {
    main,
    detail: cell.resets > 0 ? [interval] : [met, ...(most ? [most] : [])],
    more: more.flatMap(([count, how]) => (count > 0 ? [`+ ${decimal(count / reloads)} ${how}`] : [])),
  }
}

/** Legend of the matrix, a sentence each; what it says holds for each way to show it. */
export const MATRIX_LEGEND = [
  'Resets a reload and their 95 % interval.',
  'Where none: the exposed of all reloads, and which share of them lose any at most.',
  'Below: refused, or lost otherwise (timed out, cut short), a reload as well.',
]

/** A case's number on a kernel, with its words. */
export interface Point {
  mean: number
  low: number
  high: number
  text: string
  detail: string
  cell: MeasuredCell
}

/** Of a case, its number on each kernel: nothing where it has none. */
export interface Track {
  case: string
  points: (Point | undefined)[]
}

/** Connections refused in each reload, a list a boot. */
function refusedByBoot({ byBoot, refusedByReload }: MeasuredCell): number[][] {
  const ends = byBoot.map((_, i) => byBoot.slice(0, i + 1).reduce((sum, { reloads }) => sum + reloads, 0))
  return ends.map((end, i) => refusedByReload.slice(ends[i - 1] ?? 0, end))
}

function pointOf(cell: MeasuredCell, kind: 'resets' | 'refused'): Point {
  const { mean, low, high } = kind === 'resets' ? cell.resetsPerReload : meanInterval(refusedByBoot(cell))
  const [text, detail] =
    kind === 'resets'
      ? perReload(cell)
      : [doubtful(cell, decimal(mean)), high === null ? `in ${exposure(cell)}` : `${decimal(low)}–${decimal(high)}`]
  return { mean, low, high: high ?? mean, text, detail, cell }
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
        return pointOf(cell, kind)
      }),
    }))
    .filter(({ points }) => points.some((point) => point && point.cell[kind] > 0))
}
