import { isMeasured, type MeasuredCell, type Result, type ResultCell, type Skipped } from '../../model/result.ts'
import { whole } from '../../model/text/amounts.ts'
import { answers, atCeiling, ceilingOf, lost, lostOtherwise, refusals } from '../facts/account.ts'
import { factsOfCase } from '../facts/cases.ts'
import { loadDetail, proxyTitle } from '../facts/conditions.ts'
import { byVersion, type Group } from '../facts/groups.ts'
import { labelled } from '../facts/labels.ts'
import { bound, decimal, perReload } from '../facts/numbers.ts'
import { big, placesOf } from '../facts/places.ts'
import { priceText } from '../facts/price.ts'
import { unavailable } from '../facts/remarks.ts'

/** What became of a case somewhere; undefined when it was not asked for there. */
export type Outcome = { cell: ResultCell } | { skipped: Skipped } | undefined

/** Outcomes in two dimensions, to be compared by eye. */
export interface Comparison {
  /** Tells it from others of its kind; empty where there is but one. */
  title: string
  /** What the rows are: kernels or cases. */
  corner: string
  columns: { title: string; detail?: string; about?: string }[]
  rows: { title: string; about?: string; outcomes: Outcome[]; unavailable?: string; price?: string }[]
  /** The load whose price the rows have, where they have one. */
  priceOf?: string
  /** The case that it is told against, where there is one. */
  priceAgainst?: string
}

/** Comparisons of a kind: a section of a report. */
export interface ComparisonSection {
  title: string
  comparisons: Comparison[]
  /** What the fields show, a sentence each; only the first section has it. */
  legend?: string[]
}

const LEGEND = [
  'Resets per reload and their 95 % interval.',
  'Under a zero: how many reloads were exposed, and the 95 % upper bound on the share that lose anything.',
  "'+ N': refused or otherwise lost per reload.",
]

/** The comparisons that a result has; none of very many cells, which nobody reads so. */
export const comparisonSections = (result: Result, all: Group[]): ComparisonSection[] =>
  [
    { title: 'Kernels and cases', comparisons: big(all) ? [] : kernelsByCases(result, all) },
    { title: 'Proxies side by side', comparisons: big(all) ? [] : casesByProxies(result, all) },
    { title: 'Load by load', comparisons: big(all) ? [] : casesByLoads(result, all) },
  ]
    .filter(({ comparisons }) => comparisons.length > 0)
    .map((section, i) => (i === 0 ? { ...section, legend: LEGEND } : section))

function outcomeOf({ cells, skipped }: Group, name: string): Outcome {
  const cell = cells.find((found) => found.case === name)
  const reason = skipped.find((found) => found.case === name)
  return cell ? { cell } : reason && { skipped: reason }
}

const casesOf = (groups: Group[]) => [
  ...new Set(groups.flatMap(({ cells, skipped }) => [...cells, ...skipped].map((one) => one.case))),
]

/** What a case is with the proxies of some groups. */
const aboutCase = (result: Result, groups: Group[], name: string) =>
  [...new Set(groups.flatMap(({ proxy }) => factsOfCase(result, name, proxy.name)?.idea ?? []))].join(' / ')

/** Groups that share a key, in the order of the first of each. */
const groupedBy = (all: Group[], keyOf: (group: Group) => string): Group[][] =>
  [...new Set(all.map(keyOf))].map((key) => all.filter((group) => keyOf(group) === key))

/** Kernels by cases, a table for each proxy: the oldest kernel first, unavailable kernels among them. */
function kernelsByCases(result: Result, all: Group[]): Comparison[] {
  const gone = unavailable(result)
  const byProxy = groupedBy(all, ({ proxy }) => proxyTitle(proxy))
  return byProxy
    .filter((groups) => placesOf(groups).length + gone.length > 1)
    .map((groups) => {
      const known = [...new Set(result.cases.map(({ name }) => name))]
      const found = casesOf(groups)
      const cases = [...known.filter((name) => found.includes(name)), ...found.filter((name) => !known.includes(name))]
      const rows = labelled(groups).map((group) => ({
        version: group.series,
        title: group.label,
        about: group.title,
        outcomes: cases.map((name) => outcomeOf(group, name)),
      }))
      const missing = gone.map(({ kernel, reason }) => ({
        version: kernel,
        title: kernel,
        outcomes: [],
        unavailable: reason,
      }))
      return {
        title: byProxy.length > 1 ? proxyTitle(groups[0]!.proxy) : '',
        corner: 'kernel',
        columns: cases.map((title) => ({ title, about: aboutCase(result, groups, title) })),
        rows: [...rows, ...missing].sort((a, b) => byVersion(a.version, b.version)),
      }
    })
}

/** Of each kernel and load that several proxies were measured on, the cases that at least two of them have. */
function casesByProxies(result: Result, all: Group[]): Comparison[] {
  return groupedBy(all, ({ where, load }) => JSON.stringify([where, load.name]))
    .filter((groups) => new Set(groups.map(({ proxy }) => proxy.name)).size > 1)
    .flatMap((groups) => {
      const having = (name: string) => groups.filter(({ cells }) => cells.some((cell) => cell.case === name))
      const cases = casesOf(groups).filter((name) => new Set(having(name).map(({ proxy }) => proxy.name)).size > 1)
      if (cases.length === 0) return []
      const [{ where, load }] = groups as [Group]
      return [
        {
          title: `${where}, ${load.name}`,
          corner: 'case',
          columns: groups.map(({ proxy, load }) => ({
            title: proxyTitle(proxy),
            detail: `maxaccept ${proxy.maxaccept}; ${loadDetail(load)}`,
          })),
          rows: cases.map((name) => ({
            title: name,
            about: aboutCase(result, groups, name),
            outcomes: groups.map((group) => outcomeOf(group, name)),
          })),
        },
      ]
    })
}

/** With more loads only a picture can show them. */
const MOST_LOADS = 4

/** Of each kernel and proxy that was measured under several loads, its cases under each, and their price. */
function casesByLoads(result: Result, all: Group[]): Comparison[] {
  const places = placesOf(all).filter(({ groups }) => groups.length > 1 && groups.length <= MOST_LOADS)
  return places.map(({ label, groups }) => {
    const [priced, ...others] = groups.filter(({ tellsPrice }) => tellsPrice)
    const priceGroup = others.length === 0 ? priced : undefined
    return {
      title: places.length > 1 ? label : '',
      corner: 'case',
      columns: groups.map(({ load }) => ({ title: load.name, detail: loadDetail(load) })),
      rows: casesOf(groups).map((name) => {
        const dear = priceGroup?.cells.filter(isMeasured).find((cell) => cell.case === name)
        return {
          title: name,
          about: aboutCase(result, groups, name),
          outcomes: groups.map((group) => outcomeOf(group, name)),
          price: dear && priceText(dear, priceGroup?.priceBase),
        }
      }),
      priceOf: priceGroup?.load.name,
      priceAgainst: priceGroup?.priceBase?.case,
    }
  })
}

/** A measured cell in little room, a line each; all numbers are per reload. */
export interface OutcomeText {
  main: string
  /** The interval; of a zero, how many reloads were exposed, and the bound that follows. */
  detail: string[]
  /** What was lost otherwise than by a reset, so that a small number of resets does not hide it. */
  losses: string[]
}

export function outcomeText(cell: MeasuredCell): OutcomeText {
  const { reloads, exposed, refused } = cell
  if (reloads === 0) return { main: `${whole(lost(cell))} lost`, detail: ['no reloads'], losses: [] }
  const [main, interval] = perReload(cell)
  const most = answers(cell) ? bound(cell) : undefined
  const met = `in ${exposed === null ? '?' : whole(exposed)} of ${whole(reloads)}`
  const losses = [
    [refused, 'refused'],
    [lostOtherwise(cell), 'otherwise'],
  ] as const
  return {
    main,
    detail: [...(cell.resets > 0 ? [interval] : [met, ...(most ? [most] : [])]), ...ceilingText(cell)],
    losses: losses.flatMap(([count, how]) => {
      const mean = decimal(count / reloads)
      return count > 0 ? [`+ ${how === 'refused' ? refusals(cell, mean) : mean} ${how}`] : []
    }),
  }
}

/** Says that a number is the load's. */
export const ceilingText = (cell: MeasuredCell) =>
  atCeiling(cell) ? [`at the ceiling of ${whole(ceilingOf(cell))}`] : []
