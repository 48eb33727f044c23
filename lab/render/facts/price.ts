import { FEW_SLOW } from '../../measure/verdict/undeclared.ts'
import { waitsKnown } from '../../model/guest.ts'
import type { MeasuredCell } from '../../model/result.ts'
import { counted, list, whole } from '../../model/text/amounts.ts'
import { undisturbed } from './cells/account.ts'
import { decimal, percent } from './cells/numbers.ts'
import { onOneKind } from './machines/machines.ts'

/** A part of a price, by how many times the control's it is. */
interface Part {
  times: (cell: MeasuredCell, base: MeasuredCell) => number
  /** From so many times on it is named: an emulated guest on a shared machine varies by less. */
  named: number
  /** Up to so many times nobody can tell it from the control's. */
  same: number
  words: (cell: MeasuredCell, base: MeasuredCell) => string
}

const ratio = (value: number, base: number) => (value === base ? 1 : value / base)
/** The share of connections that were slow, 0 to 1. */
export const slowShare = ({ slow, priced }: MeasuredCell) => slow / Math.max(1, priced)
/** One connection in a thousand is slow without any reason. */
const FEW = 0.001

const slowWords = (cell: MeasuredCell) =>
  `${counted(cell.slow, 'connection')} (${percent(slowShare(cell))}) took longer than ${whole(cell.load.slowMs)} ms, the longest ${decimal(cell.latencyMs.max)} ms`

/** Whether a control made no reload, as `no-reload`. */
const still = ({ reloads }: MeasuredCell) => reloads === 0
/** Says what a number is compared with where that is not `none`. */
const without = (base: MeasuredCell) => (still(base) ? ' without reloads' : '')

/** A part that is a length of time. */
const duration = (what: string, ms: (cell: MeasuredCell) => number, named: number, same: number): Part => ({
  times: (cell, base) => ratio(ms(cell), ms(base)),
  named,
  same,
  words: (cell, base) => `${what} ${decimal(ms(cell))} ms instead of ${decimal(ms(base))} ms${without(base)}`,
})

const LOADED: Part[] = [
  {
    times: (cell, base) => ratio(Math.max(FEW, slowShare(cell)), Math.max(FEW, slowShare(base))),
    named: 2,
    same: 1.2,
    words: slowWords,
  },
  duration('p50 was', ({ latencyMs }) => latencyMs.p50, 1.5, 1.2),
  duration('p99 was', ({ latencyMs }) => latencyMs.p99, 1.5, 1.2),
  // Ten of ten thousand connections are slower: too few to name a difference, enough not to deny it.
  duration('p99.9 was', ({ latencyMs }) => latencyMs.p999, Number.POSITIVE_INFINITY, 1.5),
  {
    times: (cell, base) => ratio(base.throughput, cell.throughput),
    named: 4 / 3,
    same: 1.1,
    words: (cell, base) =>
      `${percent(1 - cell.throughput / base.throughput)} fewer connections a second${still(base) ? ' than without reloads' : ''}`,
  },
]
/** Accept queues are looked at no more often. */
const LOOK_MS = 20
const drained = ({ drainMs }: MeasuredCell) => drainMs?.p50 ?? 0
const drainedWords = (cell: MeasuredCell) => `the accept queues were short again ${decimal(drained(cell))} ms after it`
const RELOAD: Part[] = [
  duration('a reload took', ({ reloadMs }) => reloadMs.p50, 1.25, 1.1),
  {
    times: (cell, base) => ratio(Math.max(LOOK_MS, drained(cell)), Math.max(LOOK_MS, drained(base))),
    named: 2,
    same: 1.5,
    words: (cell, base) => `${drainedWords(cell)} instead of ${decimal(drained(base))} ms`,
  },
]

/** Whether a case makes clients wait: more connections are slow than always are. */
export const makesWait = (cell: MeasuredCell): boolean => slowShare(cell) > FEW_SLOW

/** The parts that a control can tell. */
const partsBeside = (base: MeasuredCell) => (still(base) ? LOADED : [...LOADED, ...RELOAD])
/** How long a reload takes, as it is, where there is no other to compare it with. */
const reloadBeside = (cell: MeasuredCell, base: MeasuredCell | undefined) =>
  base && still(base)
    ? [`a reload took ${decimal(cell.reloadMs.p50)} ms`, ...(drained(cell) > LOOK_MS ? [drainedWords(cell)] : [])]
    : []

/**
 * Whether the price of a cell can be told beside another: nothing else slowed them, as far as that can be known, and they
 * ran on one kind of CPU. Of some guests it cannot (lab/model/guest.ts).
 */
export const isPriced = (cell: MeasuredCell, base: MeasuredCell = cell): boolean =>
  [cell, base].every((one) => undisturbed(one) && waitsKnown(one.guest)) && onOneKind(cell, base)

/**
 * What a case costs the operator and the connections that it does not lose, in words: what stands out against `base`.
 * Beside one that made no reload, the time that a reload takes is told as it is. Without a base only the slow ones are known. Nothing is said where {@link isPriced} says no.
 */
export function price(cell: MeasuredCell, base: MeasuredCell | undefined): string[] {
  if (!isPriced(cell, base)) return []
  if (!base) return cell.slow > 0 ? [slowWords(cell)] : []
  const parts = partsBeside(base).filter(({ times, named }) => times(cell, base) >= named)
  return [...parts.map(({ words }) => words(cell, base)), ...reloadBeside(cell, base)]
}

/** The price of a cell in a table; empty where nothing can be said. */
export function priceText(cell: MeasuredCell, base: MeasuredCell | undefined): string {
  if (cell === base || cell.reloads === 0) return ''
  if (costless(cell, base)) return ['no measurable cost', ...reloadBeside(cell, base)].join('; ')
  return list(price(cell, base))
}

/** Whether a case has no measurable cost: nothing was lost, and no part of the price can be told from the control's. */
export const costless = (cell: MeasuredCell, base: MeasuredCell | undefined) =>
  base !== undefined &&
  isPriced(cell, base) &&
  cell.ok === cell.connections &&
  partsBeside(base).every(({ times, same }) => times(cell, base) <= same)
