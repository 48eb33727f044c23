import { isMeasured, type ResultCell } from '../../model/result.ts'
import { whole } from '../../model/text/amounts.ts'
import { atCeiling, flags } from './account.ts'
import { maxacceptText, proxyTitle } from './conditions.ts'
import { byMaxaccept, type Group } from './groups.ts'
import { decimal } from './numbers.ts'

/** What a proxy that accepts so many at a time lost under each closed loop. */
export interface MapLine {
  maxaccept: number
  /** By connections, the fewest first. */
  cells: ResultCell[]
}

/** A case with one proxy on one kernel. */
export interface MapPanel {
  case: string
  /** The proxy: "haproxy 2.6.12". */
  proxy: string
  /** The kernel, and whether it is the running one. */
  kernel: string
  lines: MapLine[]
}

/** Resets per reload over connections and maxaccept: where a number is the kernel's and where the load's. */
export interface LoadMap {
  panels: MapPanel[]
  proxies: string[]
  /** The smallest first, all at once (-1) last. */
  maxaccepts: number[]
  users: number[]
  /** Cases that reset none anywhere on the map, and so have no panel. */
  spared: string[]
}

const distinct = <T>(values: T[]) => [...new Set(values)]

/** The map, when a result has several closed loops. */
export function loadMapOf(all: Group[]): LoadMap | undefined {
  const found = all
    .filter(({ load }) => load.loop === 'closed')
    .flatMap(({ cells, where }) =>
      cells
        .filter((cell) => !isMeasured(cell) || cell.reloads > 0)
        .map((cell) => ({ case: cell.case, kernel: where, proxy: proxyTitle(cell.proxy), cell })),
    )
  const users = distinct(found.map(({ cell }) => cell.load.users)).sort((a, b) => a - b)
  if (users.length < 2) return undefined
  const maxaccepts = distinct(found.map(({ cell }) => cell.proxy.maxaccept)).sort(byMaxaccept)
  const cases = distinct(found.map((one) => one.case))
  const spared = cases.filter((name) =>
    found.every(({ cell }) => cell.case !== name || (isMeasured(cell) && cell.resets === 0)),
  )
  const proxies = distinct(found.map(({ proxy }) => proxy))
  const panels = cases
    .filter((name) => !spared.includes(name))
    .flatMap((name) =>
      distinct(found.map(({ kernel }) => kernel)).flatMap((kernel) =>
        proxies.map((proxy) => {
          const cells = found
            .filter((one) => one.case === name && one.kernel === kernel && one.proxy === proxy)
            .map(({ cell }) => cell)
            .toSorted((a, b) => a.load.users - b.load.users)
          const lines = maxaccepts.map((maxaccept) => ({
            maxaccept,
            cells: cells.filter((cell) => cell.proxy.maxaccept === maxaccept),
          }))
          return { case: name, proxy, kernel, lines: lines.filter((line) => line.cells.length > 0) }
        }),
      ),
    )
  return { panels: panels.filter(({ lines }) => lines.length > 0), proxies, maxaccepts, users, spared }
}

/** The number of a cell with its marks: "76.0 ^", "3.10 ~", "failed". */
export function mapText(cell: ResultCell): string {
  if (!isMeasured(cell)) return 'failed'
  const marks = [
    atCeiling(cell) ? '^' : '',
    cell.verdict === 'inconclusive' ? '?' : '',
    flags(cell).length > 0 ? '~' : '',
  ].join('')
  return `${decimal(cell.resetsPerReload.mean)}${marks && ` ${marks}`}`
}

/** What its marks mean. */
export const MAP_LEGEND =
  'Resets per reload. ^: at the ceiling users − maxaccept in a tenth of the reloads or more, so that the number is the load’s; ?: inconclusive; ~: noisy or overloaded.'

/** A table of each case and kernel: rows by proxy and maxaccept, columns by connections. */
export function mapTables({ panels, users }: LoadMap): { title: string; head: string[]; rows: string[][] }[] {
  const titleOf = (panel: MapPanel) => `${panel.case} on ${panel.kernel}`
  return distinct(panels.map(titleOf)).map((title) => ({
    title,
    head: ['proxy', 'maxaccept', ...users.map(whole)],
    rows: panels
      .filter((panel) => titleOf(panel) === title)
      .flatMap(({ proxy, lines }) =>
        lines.map(({ maxaccept, cells }) => [
          proxy,
          maxacceptText(maxaccept),
          ...users.map((count) => {
            const texts = cells.filter(({ load }) => load.users === count).map(mapText)
            return texts.join(' / ') || '-'
          }),
        ]),
      ),
  }))
}
