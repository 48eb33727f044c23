import type { Load } from '../../../model/case/load.ts'
import { isMeasured, type ResultCell } from '../../../model/result.ts'
import { whole } from '../../../model/text/amounts.ts'
import { atCeiling, flags } from '../cells/account.ts'
import { maxacceptText, proxyTitle } from '../cells/conditions.ts'
import { decimal } from '../cells/numbers.ts'
import { byMaxaccept, type Group } from './groups.ts'

/** What a proxy that accepts so many at a time lost under each load. */
export interface MapLine {
  maxaccept: number
  /** By load, the smallest first. */
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

/** What the loads of a map are told by: connections at a time of closed loops, per cent of the capacity of open ones. */
export type MapAxis = 'connections' | 'arrivals'

/** Where a load is on the axis of a map; undefined where it is on another. */
export function placeOn(axis: MapAxis, { loop, users, rate, capacity }: Load): number | undefined {
  if (axis === 'connections') return loop === 'closed' ? users : undefined
  return rate === null || capacity === null ? undefined : Math.round((100 * rate) / capacity)
}

/** Resets per reload over loads and maxaccept: where a number is the kernel's and where the load's. */
export interface LoadMap {
  axis: MapAxis
  panels: MapPanel[]
  proxies: string[]
  /** The smallest first, all at once (-1) last. */
  maxaccepts: number[]
  /** The smallest first. */
  loads: number[]
  /** Cases that reset none anywhere on the map, and so have no panel. */
  spared: string[]
}

const distinct = <T>(values: T[]) => [...new Set(values)]

/** The maps of a result: of its closed loops, and of its shares of the capacity, where it has several. */
export const loadMapsOf = (all: Group[]): LoadMap[] =>
  (['connections', 'arrivals'] as const).flatMap((axis) => loadMapOf(all, axis) ?? [])

function loadMapOf(all: Group[], axis: MapAxis): LoadMap | undefined {
  const found = all
    .filter(({ load }) => placeOn(axis, load) !== undefined)
    .flatMap(({ cells, where }) =>
      cells
        .filter((cell) => !isMeasured(cell) || cell.reloads > 0)
        .map((cell) => ({ case: cell.case, kernel: where, proxy: proxyTitle(cell.proxy), cell })),
    )
  const place = (cell: ResultCell) => placeOn(axis, cell.load)!
  const loads = distinct(found.map(({ cell }) => place(cell))).sort((a, b) => a - b)
  if (loads.length < 2) return undefined
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
            .toSorted((a, b) => place(a) - place(b))
          const lines = maxaccepts.map((maxaccept) => ({
            maxaccept,
            cells: cells.filter((cell) => cell.proxy.maxaccept === maxaccept),
          }))
          return { case: name, proxy, kernel, lines: lines.filter((line) => line.cells.length > 0) }
        }),
      ),
    )
  // A case under a single load is no line.
  const drawn = panels.filter(({ lines }) => lines.some(({ cells }) => cells.length > 1))
  return drawn.length > 0 ? { axis, panels: drawn, proxies, maxaccepts, loads, spared } : undefined
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

/** What its loads are, in words. */
export const AXIS_WORDS: Record<MapAxis, string> = {
  connections: 'connections at a time',
  arrivals: 'arrivals, % of the capacity',
}

/** The title of a map: only closed loops with a small maxaccept have a ceiling. */
export const MAP_TITLES: Record<MapAxis, string> = {
  connections: 'Where a number is the kernel’s and where the load’s',
  arrivals: 'Resets per reload by share of the capacity',
}

/** A table of each case and kernel: rows by proxy and maxaccept, columns by load. */
export function mapTables({ axis, panels, loads }: LoadMap): { title: string; head: string[]; rows: string[][] }[] {
  const titleOf = (panel: MapPanel) => `${panel.case} on ${panel.kernel}`
  return distinct(panels.map(titleOf)).map((title) => ({
    title,
    head: ['proxy', 'maxaccept', ...loads.map((load) => `${whole(load)}${axis === 'arrivals' ? ' %' : ''}`)],
    rows: panels
      .filter((panel) => titleOf(panel) === title)
      .flatMap(({ proxy, lines }) =>
        lines.map(({ maxaccept, cells }) => [
          proxy,
          maxacceptText(maxaccept),
          ...loads.map((place) => {
            const texts = cells.filter(({ load }) => placeOn(axis, load) === place).map(mapText)
            return texts.join(' / ') || '-'
          }),
        ]),
      ),
  }))
}
