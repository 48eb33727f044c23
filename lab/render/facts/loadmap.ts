import { isMeasured, type MeasuredCell } from '../../model/result.ts'
import { name, type Words } from '../sentences/words.ts'
import { CAPPED, flags } from './account.ts'
import { decimal, list, whole } from './format.ts'
import { byVersion, type Cell, type Group } from './groups.ts'

/** What a proxy that accepts so many at a time lost under each closed loop. */
export interface MapLine {
  maxaccept: number
  /** By connections, the fewest first. */
  cells: Cell[]
}

/** A case with one proxy on one kernel. */
export interface MapPanel {
  case: string
  version: string
  /** The kernel, and whether it is the running one. */
  kernel: string
  lines: MapLine[]
}

/** Resets a reload over connections and maxaccept: where a number is the kernel's and where the load's. */
export interface LoadMap {
  panels: MapPanel[]
  versions: string[]
  /** The smallest first, all at once (-1) last. */
  maxaccepts: number[]
  users: number[]
  /** Cases that reset none anywhere on the map, and so have no panel. */
  spared: string[]
}

const sorted = (numbers: number[]) => [...new Set(numbers)].sort((a, b) => (a < 0 ? 1 : b < 0 ? -1 : a - b))

/** The map, when a result has several closed loops. */
export function loadMapOf(all: Group[]): LoadMap | undefined {
  const met = all.filter(({ load }) => load.loop === 'closed')
  const found = met.flatMap((group) =>
    group.cells.filter((cell) => !isMeasured(cell) || cell.reloads > 0).map((cell) => ({ kernel: group.where, cell })),
  )
  const users = sorted(found.map(({ cell }) => cell.load.users))
  const maxaccepts = sorted(found.map(({ cell }) => cell.proxy.maxaccept))
  if (users.length < 2) return undefined
  const cases = [...new Set(found.map(({ cell }) => cell.case))]
  const losing = cases.filter((of) => found.some(({ cell }) => cell.case === of && !(isMeasured(cell) && !cell.resets)))
  const kernels = [...new Set(found.map(({ kernel }) => kernel))]
  const versions = [...new Set(found.map(({ cell }) => cell.proxy.version))].sort(byVersion)
  const panels = losing.flatMap((of) =>
    kernels.flatMap((kernel) =>
      versions.flatMap((version) => {
        const its = found.filter(
          (one) => one.cell.case === of && one.kernel === kernel && one.cell.proxy.version === version,
        )
        const lines = maxaccepts.flatMap((maxaccept) => {
          const cells = its.flatMap(({ cell }) => (cell.proxy.maxaccept === maxaccept ? [cell] : []))
          return cells.length > 0 ? [{ maxaccept, cells: cells.toSorted((a, b) => a.load.users - b.load.users) }] : []
        })
        return lines.length > 0 ? [{ case: of, version, kernel, lines }] : []
      }),
    ),
  )
  return { panels, versions, maxaccepts, users, spared: cases.filter((of) => !losing.includes(of)) }
}

/** Whether a cell's number is the load's: so many of its reloads lost what the load allows. */
export const atTop = (cell: MeasuredCell) => cell.resets > 0 && (cell.capped ?? 0) >= CAPPED

export const maxacceptText = (maxaccept: number) => (maxaccept < 0 ? 'all' : whole(maxaccept))

/** The number of a cell with its marks: "76.0 ^", "3.10 ~", "failed". */
export function mapText(cell: Cell): string {
  if (!isMeasured(cell)) return 'failed'
  const marks = [
    atTop(cell) ? '^' : '',
    cell.verdict === 'inconclusive' ? '?' : '',
    flags(cell).length > 0 ? '~' : '',
  ].join('')
  return `${decimal(cell.resetsPerReload.mean)}${marks && ` ${marks}`}`
}

/** What its marks mean. */
export const MAP_LEGEND =
  'Resets a reload. ^: at the ceiling users − maxaccept in a tenth of the reloads or more, so that the number is the load’s; ?: inconclusive; ~: noisy or overloaded.'

/** A table of each case and kernel: rows by proxy and maxaccept, columns by connections. */
export function mapTables({ panels, users }: LoadMap): { title: string; head: string[]; rows: string[][] }[] {
  const titles = [...new Set(panels.map((panel) => JSON.stringify([panel.case, panel.kernel])))]
  return titles.map((title) => {
    const its = panels.filter((panel) => JSON.stringify([panel.case, panel.kernel]) === title)
    const { case: of, kernel } = its[0]!
    return {
      title: `${of} on ${kernel}`,
      head: ['HAProxy', 'maxaccept', ...users.map((count) => whole(count))],
      rows: its.flatMap(({ version, lines }) =>
        lines.map(({ maxaccept, cells }) => [
          version,
          maxacceptText(maxaccept),
          ...users.map(
            (count) =>
              cells
                .filter(({ load }) => load.users === count)
                .map(mapText)
                .join(' / ') || '-',
          ),
        ]),
      ),
    }
  })
}

/** The cases that have no panel, in a sentence. */
export const sparedWords = ({ spared }: LoadMap): Words =>
  spared.length > 0 ? `No reset anywhere on the map: ${list(spared.map(name))}.` : ''
