import { lossyShare } from '../../measure/measure.ts'
import type { CLAIM_UNITS, Claim } from '../../model/result/claim.ts'
import { isMeasured, type MeasuredCell, type Result } from '../../model/result.ts'
import { counted, list, whole } from '../../model/text/amounts.ts'
import { answers, atCeiling, flags, lost } from './cells/account.ts'
import { decimal, exposure, interval, percent, zero } from './cells/numbers.ts'
import type { Group } from './groups/groups.ts'
import { type Line, linesOf, measuredIn } from './groups/lines.ts'
import { makesWait, slowShare } from './price.ts'

/** What became of a claim on one kernel, and what shows it. */
export interface Judged {
  outcome: 'reproduced' | 'contradicted' | 'not testable here'
  /** What was seen, or why nothing can be said. */
  seen: string
  /** The folder of the cell that decides. */
  folder?: string
}

/** How many times as much, or as little, is still the number of a claim: it has no interval of its own. */
const NEAR = 2

/** The share of the exposed reloads that may lose something at most, by its upper bound, for a zero to judge a claim that has no share of its own. */
const UNSEEN = 0.2

/**
 * A number of a claim in a cell, a reload each. The interval is that of the resets a reload, in proportion: no other loss
 * has one of its own.
 */
const NUMBERS: Record<(typeof CLAIM_UNITS)[number], { of: (cell: MeasuredCell) => number; words: string }> = {
  resets: { of: ({ resets, reloads }) => resets / reloads, words: 'resets a reload' },
  failures: { of: (cell) => lost(cell) / cell.reloads, words: 'failures a reload' },
  'failures at 10,000 a second': {
    of: (cell) => (lost(cell) / cell.reloads) * (10_000 / cell.begunPerSecond),
    words: 'failures a reload at 10,000 a second',
  },
}

/**
 * A claim on one kernel: what the cells of its row show. One cell against it contradicts it; it is reproduced when all of
 * them say so.
 *
 * @param groups of the kernel
 */
export function judged(claim: Claim, result: Result, groups: Group[]): Judged {
  const lines = result.experiments
    .filter(({ name }) => name === claim.experiment)
    .flatMap(({ rows }) => rows.filter(({ label }) => label === claim.row))
    .flatMap((row) => linesOf(row, groups, result.skipped))
    .filter(({ outcome }) => outcome !== 'nothing')
    .filter(({ outcome }) => !isOther(claim, outcome))
  const all = lines.map((line) => judgedBy(claim.holds, line))
  const by = (wanted: Judged['outcome']) => all.filter(({ outcome }) => outcome === wanted)
  return (
    by('contradicted')[0] ??
    by('not testable here')[0] ??
    by('reproduced')[0] ?? { outcome: 'not testable here', seen: 'not measured' }
  )
}

/** Whether a line is of a cell that the claim says nothing of. */
const isOther = ({ maxaccept }: Claim, outcome: Line['outcome']) =>
  maxaccept !== undefined && outcome !== 'nothing' && 'cell' in outcome && outcome.cell.proxy.maxaccept !== maxaccept

function judgedBy(holds: Claim['holds'], line: Line): Judged {
  const cell = measuredIn(line)
  const doubt = cell ? doubtOf(cell) : missing(line)
  if (!cell || doubt !== null) return { outcome: 'not testable here', seen: doubt ?? '', folder: cell?.folder }
  const told = (is: boolean, seen: string): Judged => ({
    outcome: is ? 'reproduced' : 'contradicted',
    seen,
    folder: cell.folder,
  })
  if ('lost' in holds) {
    if (lost(cell) === 0 && lossyShare(cell).high >= (holds.share ?? UNSEEN))
      return { outcome: 'not testable here', seen: `too few exposed reloads: ${zero(cell)}`, folder: cell.folder }
    return told(lost(cell) > 0 === (holds.lost === 'some'), lossText(cell))
  }
  if ('shown' in holds) return told(cell.injectErrs > 0 === (holds.shown === 'some'), shownText(cell))
  if ('slow' in holds) return told(makesWait(cell) === (holds.slow === 'some'), slowText(cell))
  return judgedNear(holds, cell, told)
}

/** Why a cell cannot judge anything; null where it can. */
function doubtOf(cell: MeasuredCell): string | null {
  const disturbed = flags(cell).map(({ word }) => word)
  if (disturbed.length > 0) return list(disturbed)
  return answers(cell) ? null : `${cell.verdict}: ${cell.reason.split('; ')[0]}`
}

function missing({ outcome }: Line): string {
  if (outcome === 'nothing') return 'not measured'
  if ('skipped' in outcome) return outcome.skipped.reason
  return isMeasured(outcome.cell) ? '' : outcome.cell.reason
}

const lossText = (cell: MeasuredCell) =>
  lost(cell) === 0 ? zero(cell) : `${counted(lost(cell), 'connection')} lost in ${exposure(cell)}`

const shownText = (cell: MeasuredCell) =>
  `the tool would have shown ${counted(cell.injectErrs, 'error')} of ${counted(lost(cell), 'lost connection')}`

const slowText = (cell: MeasuredCell) =>
  `${percent(slowShare(cell))} took ${whole(cell.load.slowMs)} ms or more; p99 ${decimal(cell.latencyMs.p99)} ms`

/** A number that has a rate says nothing of other rates; one at the ceiling of its load is the load's. */
function judgedNear(
  { near, unit, rate }: Extract<Claim['holds'], { near: number }>,
  cell: MeasuredCell,
  told: (is: boolean, seen: string) => Judged,
): Judged {
  const { of, words } = NUMBERS[unit]
  const value = of(cell)
  const { mean, low, high } = cell.resetsPerReload
  const [least, most] = mean > 0 ? [(value * low) / mean, (value * (high ?? mean)) / mean] : [value, value]
  const seen = `${decimal(value)} ${words} (${interval(least, most)})`
  const aside = (why: string): Judged => ({
    outcome: 'not testable here',
    seen: `${why}: ${seen}`,
    folder: cell.folder,
  })
  if (atCeiling(cell)) return aside('at the ceiling of its load')
  if (rate !== undefined && Math.abs(Math.log(cell.begunPerSecond / rate)) > Math.log(NEAR))
    return aside(`${whole(cell.begunPerSecond)} connections a second instead of ${whole(rate)}`)
  if (least > near * NEAR || most < near / NEAR) return told(false, seen)
  return value >= near / NEAR && value <= near * NEAR ? told(true, seen) : aside('too few reloads')
}
