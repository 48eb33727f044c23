import { mean } from 'simple-statistics'
import type { Case, Expectation } from '../../model/case.ts'
import type { Cell } from '../../model/cell.ts'
import type { Measured } from '../../model/measured.ts'
import { inRange } from '../../model/range.ts'
import type { Verdict } from '../../model/result.ts'
import { resetsByBoot } from '../measure.ts'
import { differenceP } from '../statistics/tests.ts'
import { type Doubtful, doubtsAbout, plural } from './doubts.ts'
import { undeclared } from './undeclared.ts'

/** What is needed to judge a cell. */
export interface Judged extends Doubtful {
  case: Case
  kernel: Pick<Cell['kernel'], 'series' | 'features'>
  seed: number
  /** Whether something else slowed it, see noise.ts. */
  noisy: boolean
  /** What says that an open loop did not reach its rate, see overload.ts; null when it did. */
  overloaded: string | null
}

type Judgement = { verdict: Verdict; reason: string }

const SURE = 0.05
/** Exposed reloads without which no zero is believed: of fewer, three quarters may lose connections, whatever p says. */
const FEWEST = 3
const round = (value: number) => Number(value.toPrecision(3))

/** What theory expects of a case on a kernel; undefined when it says nothing. */
export const expectation = (of: Case, { series, features }: Judged['kernel']): Expectation | undefined =>
  of.expects.find(
    ({ linux, lacks = [] }) => inRange(series, linux) && lacks.every((feature) => features?.[feature].has === false),
  )

/**
 * Compares what was measured with what theory expects, and with what the case says that it may cost.
 *
 * @param control the case `none` on the same kernel in the same run: without resets there, their absence elsewhere
 *   says nothing
 */
export function judge(cell: Judged, control: Judged | undefined): Judgement {
  const { case: of, kernel, measured } = cell
  const doubts = doubtsAbout(cell)
  if (doubts.length) return { verdict: 'inconclusive', reason: doubts.join('; ') }
  const expected = expectation(of, kernel)
  if (!expected) return { verdict: 'inconclusive', reason: `the case says nothing about Linux ${kernel.series}` }

  const compared = of.control ? undefined : control
  const { losses, slowness } = undeclared(of, measured, compared?.measured, expected)
  const cost = [...losses, ...slowness].join(', ')
  // What speaks against the case in any event comes first; no price hides a reset, and no reset a price.
  const resets = expected.resets === 'none' && measured.resets > 0
  if (resets || losses.length) {
    const price = cost ? [`a price that the case does not declare: ${cost}`] : []
    const lost = resets ? [compare(cell, expected, compared).reason] : []
    return { verdict: 'contradicts', reason: [...lost, ...price].join('; ') }
  }
  if (slowness.length) {
    const other = otherReason(cell, compared)
    return other
      ? { verdict: 'inconclusive', reason: `${other}, or this is a price of the case: ${cost}` }
      : { verdict: 'contradicts', reason: `a price that the case does not declare: ${cost}` }
  }
  return of.control === 'negative' ? judgeNegative(measured) : compare(cell, expected, compared)
}

/** What else than the case may have made connections slow; null when nothing did. */
function otherReason(cell: Judged, control: Judged | undefined): string | null {
  if (cell.noisy || control?.noisy) return 'the machine was noisy'
  // A mitigation that makes clients wait overloads an open loop by itself: that is its price.
  return (control ?? cell).overloaded
}

function judgeNegative({ resets, connections }: Measured): Judgement {
  return resets
    ? { verdict: 'contradicts', reason: `${plural(resets, 'reset')} without any reload` }
    : { verdict: 'expected', reason: `0 resets in ${connections} connections without a reload` }
}

function compare(
  { case: of, measured, seed, noisy }: Judged,
  { resets: theory, refused, because }: Expectation,
  control: Judged | undefined,
): Judgement {
  const { resets, reloads, exposed, resetsPerReload } = measured
  const found = resets
    ? `${plural(resets, 'reset')} in ${plural(reloads, 'reload')}, ${round(resetsPerReload.mean)} a reload`
    : zero(measured)
  const holds = (verdict: Verdict, more: string) => ({
    verdict,
    reason: [found, more, otherLosses(measured)].filter(Boolean).join('; '),
  })

  if (refused && !measured.refused) return holds('contradicts', `none refused; theory: some, ${because}`)
  if (of.control === 'positive') return resets ? holds('expected', '') : holds('inconclusive', nothingToLose(measured))
  if (theory === 'none' && resets) return holds('contradicts', `theory: none, ${because}`)

  const useless = uselessControl(control)
  if (useless !== null) return theory === 'some' && resets ? holds('expected', '') : holds('inconclusive', useless)
  if (theory === 'some' && resets) return holds('expected', '')
  if (exposed === null) return holds('inconclusive', 'the guest did not tell which reloads met connections')

  if (!resets && exposed < FEWEST) return holds('inconclusive', `at least ${FEWEST} reloads must meet connections`)

  // A zero is compared in the unit of its bound, the share of exposed reloads that lose anything: a mean of few large
  // losses is far more uncertain than that some are lost.
  const unit = resets ? (count: number) => count : Math.sign
  const [its, others] = [measured, control!.measured].map((cell) =>
    resetsByBoot(cell, 'exposed').map((boot) => boot.map(unit)),
  ) as [number[][], number[][]]
  const against = resets
    ? `${round(control!.measured.resetsPerReload.mean)} a reload without a mitigation`
    : `${round(100 * control!.measured.lossyReloads.share)} % without a mitigation`
  const p = differenceP(its, others, seed)
  if (p >= SURE) return holds('inconclusive', `${against}: no sure difference, p = ${round(p)}`)
  if (theory === 'some') return holds('contradicts', `${against}, p = ${round(p)}; theory: some, ${because}`)
  if (theory === 'none') return holds('expected', `${against}, p = ${round(p)}`)
  if (noisy || control!.noisy) return holds('inconclusive', `${against}, p = ${round(p)}, but the machine was noisy`)
  // Of exposed reloads, as the p is: a case that starves its clients loses few because few are there to lose.
  const fewer = mean(its.flat()) < mean(others.flat())
  return holds(fewer === (theory === 'fewer') ? 'expected' : 'contradicts', `${against}, p = ${round(p)}`)
}

/** Zero is never just zero: it is so much as the reloads that met connections make it. */
function zero({ reloads, exposed, lossyReloads }: Measured): string {
  if (exposed === null) return `0 resets in ${plural(reloads, 'reload')}`
  const bound = exposed ? `: fewer than ${round(100 * lossyReloads.high)} % of exposed reloads lose anything` : ''
  return `0 resets in ${exposed} exposed of ${plural(reloads, 'reload')}${bound}`
}

/** Why nothing can be said against this control; null when it is a good one. */
function uselessControl(control: Judged | undefined): string | null {
  if (!control) return 'the positive control "none" did not run'
  const doubts = doubtsAbout(control)
  if (doubts.length) return `the positive control "none" is in doubt: ${doubts.join('; ')}`
  return control.measured.resets ? null : 'the positive control "none" lost nothing'
}

function nothingToLose({ exposed, reloads, held }: Measured): string {
  const met = exposed === null ? '' : `: ${exposed} of ${plural(reloads, 'reload')} met connections`
  const most = held ? `, ${round(held.mean)} each in the mean, ${held.max} at most` : ''
  return `nothing was lost, so this load cannot tell what a mitigation is worth${met}${most}`
}

/** What was lost otherwise, so that no "0 resets" hides it. */
const otherLosses = ({ refused, timeouts, short, other }: Measured) =>
  Object.entries({ refused, 'timed out': timeouts, 'cut short': short, 'lost otherwise': other })
    .filter(([, count]) => count)
    .map(([how, count]) => `${count} ${how}`)
    .join(', ')
