import { overloaded } from '../../../measure/doubts/overload.ts'
import { understated } from '../../../measure/doubts/understated.ts'
import { lossyShare } from '../../../measure/measure.ts'
import { disagreements } from '../../../measure/numbers/account/reconcile.ts'
import { isMeasured, type MeasuredCell, type ResultCell } from '../../../model/result.ts'

/** Connections that got no complete response, whatever became of them. */
export const lost = (cell: MeasuredCell) => cell.connections - cell.ok

/** Lost, but neither reset nor refused. */
export const lostOtherwise = (cell: MeasuredCell) => cell.timeouts + cell.short + cell.other

/** A number of refusals, with the sign of a lower bound where it is one. */
export const refusals = (cell: MeasuredCell, count: string) => `${understated(cell, cell.load) ? '≥' : ''}${count}`

/** Whether the numbers answer the question: reloads were made, and nothing speaks against the counts. */
export const answers = (cell: MeasuredCell) => cell.reloads > 0 && cell.verdict !== 'inconclusive'

/** What disturbed a cell, so that its numbers are compared with nothing. It is no verdict. */
export interface Flag {
  word: 'noisy' | 'overloaded'
  why: string
}

export function flags(cell: ResultCell): Flag[] {
  const over = isMeasured(cell) ? overloaded(cell) : null
  return [
    ...(cell.noisy ? [{ word: 'noisy' as const, why: cell.noise.join(', ') }] : []),
    ...(over === null ? [] : [{ word: 'overloaded' as const, why: over }]),
  ]
}

/** Whether nothing but the case and the load made the numbers of a cell. */
export const undisturbed = (cell: ResultCell) => flags(cell).length === 0

/** Whether a cell may be compared with others, and stand in a headline. */
export const comparable = (cell: MeasuredCell) => answers(cell) && undisturbed(cell)

/**
 * Whether some cells are known to lose connections where others, which lost none, do not: the least share of lossy reloads
 * that each of the first may have is above the most that each of the others may have.
 */
export function knownToLoseMore(lossy: MeasuredCell[], spared: MeasuredCell[]): boolean {
  const lows = lossy.map((cell) => lossyShare(cell).low)
  const highs = spared.map((cell) => lossyShare(cell).high)
  return Math.min(...lows) > Math.max(...highs)
}

/** A cell is at the ceiling of its load when this share of its reloads lose the most that the load allows. */
const CAPPED = 0.1

/** Whether a cell lost what its load and maxaccept allow, so that its number is the load's. */
export const atCeiling = (cell: MeasuredCell) => cell.resets > 0 && (cell.capped ?? 0) >= CAPPED

/** The most resets that a reload can have under a closed loop: users − maxaccept. */
export const ceilingOf = ({ load, proxy }: ResultCell) => load.users - proxy.maxaccept

/** The causes of resets, as measure/numbers/account/causes.ts tells them apart. */
export const CAUSES = [
  ['acceptQueue', 'accept queue'],
  ['completing', 'completing'],
  ['synRecv', 'SYN_RECV'],
  ['closed', 'closed by the proxy'],
  ['unexplained', 'unexplained'],
] as const

/** A count of a cause, with a question mark where the three counts disagree, so that the causes add up to another number. */
export const causeText = (cell: MeasuredCell, text: string) => (countsDisagree(cell) ? `${text}?` : text)

/** The verdict knows each boot: errors of two boots may cancel out in the sum. */
const countsDisagree = (cell: MeasuredCell) =>
  disagreements(cell).length > 0 || (cell.verdict === 'inconclusive' && cell.reason.includes('the counts disagree: '))

/** Resets that the article's tool would have counted as errors: its errs, less what was refused or failed otherwise. */
export const shown = ({ resets, injectErrs, refused, other }: MeasuredCell) =>
  Math.min(resets, Math.max(0, injectErrs - refused - other))

/** Resets that it would have counted as hits. */
export const hidden = (cell: MeasuredCell) => cell.resets - shown(cell)
