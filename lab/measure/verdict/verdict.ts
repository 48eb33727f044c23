import { mean } from 'simple-statistics'
import type { Case, Expectation } from '../../model/case/case.ts'
import type { Load } from '../../model/case/load.ts'
import type { Cell } from '../../model/cell.ts'
import { waitsKnown } from '../../model/guest.ts'
import { cpuKinds } from '../../model/result/machine.ts'
import type { Measured } from '../../model/result/measured.ts'
import type { Verdict } from '../../model/result.ts'
import { inRange } from '../../model/text/range.ts'
import { type CellEvidence, doubtsAbout } from '../doubts/doubts.ts'
import { understated } from '../doubts/understated.ts'
import { hitsByBoot, lossyShare, resetsByBoot } from '../measure.ts'
import { differenceP } from '../statistics/difference.ts'
import { LEVEL } from '../statistics/looks.ts'
import { amountNeeded, neededFor } from '../statistics/power.ts'
import { plural, rounded } from '../words.ts'
import { pricedAgainst, undeclaredPrice } from './undeclared.ts'

/** What it takes to judge a cell. */
export interface VerdictInput extends CellEvidence {
  case: Case
  kernel: Pick<Cell['kernel'], 'series' | 'features'>
  proxy: Pick<Cell['proxy'], 'version'>
  load: Pick<Load, 'loop' | 'users' | 'slowMs' | 'closeWithRst' | 'exchange'>
  /** Seed of the permutation test. */
  seed: number
  /** Whether it is looked at after each boot, see looks.ts. */
  untilSure: boolean
  /** Whether something else slowed the cell, see doubts/noise.ts. */
  noisy: boolean
  /** Why an open loop did not reach its rate, see doubts/overload.ts; null when it did. */
  overloaded: string | null
}

/** A verdict, and whether more boots of the cell, or of its control, may change that it has none. */
export type Judgement = { verdict: Verdict; reason: string; open: boolean }

/** A price that one boot shows may be that boot's, see `unlike` in undeclared.ts. */
const FEWEST_PRICED = 2
/** The fewest exposed reloads for which a zero is believed: of fewer, three quarters may lose connections, whatever p says. */
const FEWEST_EXPOSED = 3

/** What theory expects of a case on a kernel, with a proxy, under a load; undefined when it says nothing. */
export function expectation({
  case: { expects },
  kernel: { series, features },
  proxy: { version },
  load: { exchange: of },
}: Pick<VerdictInput, 'case' | 'kernel' | 'proxy' | 'load'>): Expectation | undefined {
  return expects.find(
    ({ linux, proxy, exchange = of.kind, lacks = [] }) =>
      inRange(series, linux) &&
      inRange(version, proxy) &&
      exchange === of.kind &&
      lacks.every((feature) => features?.[feature]?.has === false),
  )
}

/**
 * Compares what was measured with what theory expects, and with the price that the case declares.
 *
 * @param control what the case is compared with, on the same kernel in the same run: the case `none`, or the one that it
 *   names; if that resets nothing, a zero says nothing
 * @param quiet the case `no-reload` there
 */
export function judge(cell: VerdictInput, control: VerdictInput | undefined, quiet?: VerdictInput): Judgement {
  const { case: tested, kernel, measured } = cell
  const doubts = doubtsAbout(cell)
  if (doubts.length) return { verdict: 'inconclusive', reason: doubts.join('; '), open: false }
  const expected = expectation(cell)
  if (!expected)
    return { verdict: 'inconclusive', reason: `the case has no expectation for Linux ${kernel.series}`, open: false }

  const compared = tested.control ? undefined : control
  const here = (one: VerdictInput | undefined) => (one && kindsOf(cell, one).length > 1 ? undefined : one)
  const pricedBeside = tested.control ? undefined : pricedAgainst(here(control)?.measured, here(quiet)?.measured)
  const { losses, slowness, unlike } = undeclaredPrice(cell, pricedBeside, expected)
  const price = `the case has an undeclared price: ${[...losses, ...slowness].join(', ')}`
  // Contradictions come first: no price hides a reset, and no reset a price.
  const forbidden = expected.resets === 'none' && measured.resets > 0
  if (forbidden || losses.length) {
    const resets = forbidden ? [compare(cell, expected, compared).reason] : []
    return {
      verdict: 'contradicts',
      reason: [...resets, ...(losses.length || slowness.length ? [price] : [])].join('; '),
      open: false,
    }
  }
  if (slowness.length) {
    const disturbed = otherCauseOfSlowness(cell, here(compared))
    const excuse = disturbed ?? unlike
    return excuse
      ? { verdict: 'inconclusive', reason: `${excuse}, or ${price}`, open: disturbed === null }
      : { verdict: 'contradicts', reason: price, open: cell.boots.length < FEWEST_PRICED }
  }
  return tested.control === 'negative' ? judgeNegative(measured) : compare(cell, expected, compared)
}

/** What else may have made connections slow; null when nothing did. */
function otherCauseOfSlowness(cell: VerdictInput, control: VerdictInput | undefined): string | null {
  // Noise is told by how long vCPUs waited.
  if (!waitsKnown(cell.guest)) return 'how long its vCPUs waited for a CPU is not known'
  if (cell.noisy || control?.noisy) return 'the machine was noisy'
  // A mitigation that makes clients wait overloads an open loop by itself: that is its price, unless the control is overloaded too.
  return (control ?? cell).overloaded
}

function judgeNegative({ resets, connections }: Measured): Judgement {
  return resets
    ? { verdict: 'contradicts', reason: `${plural(resets, 'reset')} without any reload`, open: false }
    : { verdict: 'expected', reason: `0 resets in ${connections} connections without a reload`, open: false }
}

/** Judges the resets of a cell by theory and, where theory is relative or nothing was reset, against the control. */
function compare(cell: VerdictInput, expected: Expectation, control: VerdictInput | undefined): Judgement {
  const { case: tested, measured } = cell
  const { resets, exposed } = measured
  const { resets: theory, because } = expected
  const reasoned = (more: string) => [found(measured), more, otherLosses(cell)].filter(Boolean).join('; ')
  const judgement = (verdict: Verdict, more = ''): Judgement => ({ verdict, reason: reasoned(more), open: false })
  const open = (more: string): Judgement => ({ verdict: 'inconclusive', reason: reasoned(more), open: true })

  if (expected.refused && !measured.refused)
    return judgement('contradicts', `none were refused, theory expects some: ${because}`)
  if (tested.control === 'positive') {
    if (resets) return judgement('expected')
    return open(measured.refused ? `theory expects some resets: ${because}` : nothingLost(measured))
  }
  if (theory === 'none' && resets) return judgement('contradicts', `theory expects none: ${because}`)

  if (theory === 'some' && resets) return judgement('expected')
  const useless = uselessControl(cell, control, theory === 'more' && resets > 0)
  if (useless) return useless.open ? open(useless.why) : judgement('inconclusive', useless.why)
  if (exposed === null) return judgement('inconclusive', 'the guest did not report which reloads were exposed')
  if (!resets && exposed < FEWEST_EXPOSED) return open(`at least ${FEWEST_EXPOSED} exposed reloads are needed`)

  const [own, others] = comparedResets(cell, control!)
  // A boot of a guest may lose several times as many as another of its kind; whether a reload loses any varies far less.
  const p = differenceP(own, others, cell.seed, cell.untilSure && resets > 0)
  // Each look of a run until sure has a level of its own.
  const { level } = measured
  const told = `p = ${rounded(p)}${level === LEVEL ? '' : ` (level ${rounded(level)})`}`
  const than = tested.against ? `with "${tested.against}"` : 'without a mitigation'
  const against = resets
    ? `${than} ${rounded(control!.measured.resetsPerReload.mean)} a reload, ${told}`
    : `${lossyBeside(measured, than, control!.measured)}, ${told}`
  const noisy = cell.noisy || control!.noisy
  if (p >= level) {
    const unsure = [`${against}, no significant difference`, neededWords(own, others, level)].filter(Boolean).join('; ')
    return noisy && theory !== 'none' ? judgement('inconclusive', unsure) : open(unsure)
  }
  if (theory === 'some') return judgement('contradicts', `${against}; theory expects some: ${because}`)
  if (theory === 'none') return judgement('expected', against)
  // Noise can shift a number, and not make a zero.
  if (noisy && (resets || measured.refused)) return judgement('inconclusive', `${against}, but the machine was noisy`)
  const fewer = mean(own.flat()) < mean(others.flat())
  // An understated larger number is larger still.
  const smaller = fewer ? cell : control!
  const vague = understated(smaller.measured, smaller.load)
  if (vague) return judgement('inconclusive', `${against}, but ${vague}`)
  return judgement(fewer === (theory === 'fewer') ? 'expected' : 'contradicts', against)
}

/**
 * What a comparison of a cell with its control is made of: resets by exposed reload, a list a boot. Other reloads do not
 * count, as a case that starves its clients resets few because few are there to be reset. A zero is compared in the unit
 * of its bound, whether a reload reset or refused any: a mean of few large losses is far less certain than that some are
 * lost.
 */
function comparedResets(cell: VerdictInput, control: VerdictInput): [own: number[][], others: number[][]] {
  const compared = ({ measured }: VerdictInput) =>
    cell.measured.resets
      ? resetsByBoot(measured, 'exposed')
      : hitsByBoot(measured).map((boot) => boot.map((count) => Math.sign(count)))
  return [compared(cell), compared(control)]
}

/** The resets in words. A zero is never just zero: what it is worth depends on the exposed reloads. */
function found(measured: Measured): string {
  const { resets, refused, reloads, exposed, resetsPerReload } = measured
  if (resets)
    return `${plural(resets, 'reset')} in ${plural(reloads, 'reload')}, ${rounded(resetsPerReload.mean)} a reload`
  if (exposed === null) return `0 resets in ${plural(reloads, 'reload')}`
  const most = rounded(100 * lossyShare(measured).high)
  const bound = exposed && !refused ? `: at most ${most} % of exposed reloads lose connections` : ''
  return `0 resets in ${exposed} exposed of ${plural(reloads, 'reload')}${bound}`
}

/**
 * Why a cell cannot be compared with this control, and whether more boots may change that; null when it is a good one.
 *
 * @param more the cell has lost more than it, as theory expects: then it may well have lost nothing
 */
function uselessControl(cell: VerdictInput, control: VerdictInput | undefined, more: boolean) {
  const { against } = cell.case
  const named = against ? `the case "${against}"` : 'the positive control "none"'
  if (!control) return { why: `${named} did not run`, open: false }
  const doubts = doubtsAbout(control)
  if (doubts.length) return { why: `${named} is in doubt: ${doubts.join('; ')}`, open: false }
  const kinds = kindsOf(cell, control)
  if (kinds.length > 1)
    return { why: `${named} ran on another kind of CPU, which is no comparison: ${kinds.join('; ')}`, open: false }
  const { resets, refused } = control.measured
  return more || resets + refused ? null : { why: `${named} lost nothing`, open: true }
}

/** The kinds of CPU that two cells ran on: numbers of two kinds are not compared. */
const kindsOf = (one: VerdictInput, other: VerdictInput) => cpuKinds([...one.boots, ...other.boots])

/** What is compared where nothing was reset: the exposed reloads that lose anything. */
function lossyBeside(measured: Measured, than: string, control: Measured): string {
  const [own, others] = [measured, control].map((each) => rounded(100 * lossyShare(each).share))
  return measured.refused
    ? `${own} % of them refuse connections, ${than} ${others} % lose any`
    : `${than} ${others} % do`
}

/** How many reloads it takes to tell the difference that was seen; empty where there is none. */
function neededWords(own: number[][], others: number[][], level: number): string {
  const most = neededFor(own, others, mean(own.flat()) - mean(others.flat()), level)
  return most ? `to tell this difference takes about ${amountNeeded(most)} of each` : ''
}

function nothingLost({ exposed, reloads, held }: Measured): string {
  const met = exposed === null ? '' : `: ${exposed} of ${plural(reloads, 'reload')} were exposed`
  const most = held ? `, with ${rounded(held.mean)} connections held on average and ${held.max} at most` : ''
  return `nothing was lost, so this load cannot show what a mitigation is worth${met}${most}`
}

/** Other losses, so that no "0 resets" hides them. */
function otherLosses({ measured, load }: VerdictInput): string {
  const { refused, timeouts, short, other } = measured
  const all = Object.entries({ refused, 'timed out': timeouts, 'cut short': short, 'lost otherwise': other })
  const least = (how: string) => (how === 'refused' && understated(measured, load) ? 'at least ' : '')
  return all
    .filter(([, count]) => count)
    .map(([how, count]) => `${least(how)}${count} ${how}`)
    .join(', ')
}
