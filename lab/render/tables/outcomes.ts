import type { MeasuredCell, Result, ResultCell, Skipped } from '../../model/result.ts'
import { whole } from '../../model/text/amounts.ts'
import { answers, atCeiling, ceilingOf, lost, lostOtherwise, refusals } from '../facts/cells/account.ts'
import { factsOfCase } from '../facts/cells/cases.ts'
import { bound, decimal, perReload } from '../facts/cells/numbers.ts'
import type { Group } from '../facts/groups/groups.ts'
import type { Words } from '../sentences/words.ts'

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
  /** What must be known of its rows, a sentence each. */
  notes?: Words[]
}

/** What became of a case in a group. */
export function outcomeOf({ cells, skipped }: Group, name: string): Outcome {
  const cell = cells.find((found) => found.case === name)
  const reason = skipped.find((found) => found.case === name)
  return cell ? { cell } : reason && { skipped: reason }
}

/** The cases that some groups have, or skipped. */
export const casesOf = (groups: Group[]) => [
  ...new Set(groups.flatMap(({ cells, skipped }) => [...cells, ...skipped].map((one) => one.case))),
]

/** What a case is with the proxies of some groups. */
export const aboutCase = (result: Result, groups: Group[], name: string) =>
  [...new Set(groups.flatMap(({ proxy }) => factsOfCase(result, name, proxy.name)?.idea ?? []))].join(' / ')

/** Groups that share a key, in the order of the first of each. */
export const groupedBy = (all: Group[], keyOf: (group: Group) => string): Group[][] =>
  [...new Set(all.map(keyOf))].map((key) => all.filter((group) => keyOf(group) === key))

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
