import type { MeasuredCell } from '../../model/result.ts'
import { undisturbed } from '../facts/account.ts'
import { counted, decimal, percent, whole } from '../facts/format.ts'

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
const slowShare = ({ slow, priced }: MeasuredCell) => slow / Math.max(1, priced)
/** One connection in a thousand is slow without any reason. */
const FEW = 0.001
const instead = (what: string, ms: number, base: number) => `${what} ${decimal(ms)} ms instead of ${decimal(base)} ms`

const slowWords = (cell: MeasuredCell) =>
  `${counted(cell.slow, 'connection')} (${percent(slowShare(cell))}) took longer than ${whole(cell.load.slowMs)} ms, the longest ${decimal(cell.latencyMs.max)} ms`

const latency = (key: 'p50' | 'p99' | 'p999', what: string, named: number, same: number): Part => ({
  times: (cell, base) => ratio(cell.latencyMs[key], base.latencyMs[key]),
  named,
  same,
  words: (cell, base) => instead(`${what} was`, cell.latencyMs[key], base.latencyMs[key]),
})

const PARTS: Part[] = [
  {
    times: (cell, base) => ratio(Math.max(FEW, slowShare(cell)), Math.max(FEW, slowShare(base))),
    named: 2,
    same: 1.2,
    words: slowWords,
  },
  latency('p50', 'p50', 1.5, 1.2),
  latency('p99', 'p99', 1.5, 1.2),
  // Of ten thousand connections ten are slower: too few to name a difference, enough not to deny it.
  latency('p999', 'p99.9', Number.POSITIVE_INFINITY, 1.5),
  {
    times: (cell, base) => ratio(base.throughput, cell.throughput),
    named: 4 / 3,
    same: 1.1,
    words: (cell, base) => `${percent(1 - cell.throughput / base.throughput)} fewer connections a second`,
  },
  {
    times: (cell, base) => ratio(cell.reloadMs.p50, base.reloadMs.p50),
    named: 1.25,
    same: 1.1,
    words: (cell, base) => instead('a reload took', cell.reloadMs.p50, base.reloadMs.p50),
  },
]

/**
 * What a case costs those that it does not lose, and the operator, in words: what stands out against `base`. Without a
 * base only what was slow is known. Of cells that something else disturbed nothing is said.
 */
export function price(cell: MeasuredCell, base: MeasuredCell | undefined): string[] {
  if (!undisturbed(cell) || (base && !undisturbed(base))) return []
  if (!base) return cell.slow > 0 ? [slowWords(cell)] : []
  return PARTS.filter(({ times, named }) => times(cell, base) >= named).map(({ words }) => words(cell, base))
}

/** Whether a case has no measurable cost: nothing was lost, and no part of the price can be told from the control's. */
export const costless = (cell: MeasuredCell, base: MeasuredCell | undefined) =>
  base !== undefined &&
  undisturbed(cell) &&
  undisturbed(base) &&
  cell.ok === cell.connections &&
  PARTS.every(({ times, same }) => times(cell, base) <= same)
