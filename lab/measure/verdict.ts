import type { Case, Expectation } from '../../cases/case.ts'
import { inRange } from '../../cases/range.ts'
import type { Cell } from '../plan/cell.ts'
import { disagreements } from './reconcile.ts'
import type { Measured, Provenance, Verdict } from './result.ts'
import { permutationP } from './statistics.ts'

/** What is needed to judge a cell. */
export interface Judged {
  case: Case
  kernel: Pick<Cell['kernel'], 'series' | 'features'>
  guest: Provenance['guest']
  pins: Provenance['pins']
  /** Microseconds by which the clocks of the two CPUs disagreed. */
  backwards: number
  seed: number
  measured: Measured
}

/**
 * A cell is *noisy* when its vCPU threads (on the running kernel: its generator) waited for a host CPU for more than this
 * share of the time of load. Quiet runs show below 0.05; two guests on one pair of CPUs show far more, as each could use
 * both CPUs whole.
 */
export const NOISY_ABOVE = 0.1

const SURE = 0.05
const round = (value: number) => Number(value.toPrecision(3))
const plural = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`

/** What theory expects of a case on a kernel; undefined when it says nothing. */
export const expectation = (of: Case, { series, features }: Judged['kernel']): Expectation | undefined =>
  of.expects.find(
    ({ linux, lacks = [] }) => inRange(series, linux) && lacks.every((feature) => features?.[feature].has === false),
  )

/**
 * Compares what was measured with what theory expects.
 *
 * @param control what the case `none` measured on the same kernel in the same run: without resets there, their
 *   absence elsewhere says nothing
 */
export function judge(cell: Judged, control: Measured | undefined): { verdict: Verdict; reason: string } {
  const doubts = doubtsAbout(cell)
  if (doubts.length) return { verdict: 'inconclusive', reason: doubts.join('; ') }
  const expected = expectation(cell.case, cell.kernel)
  if (!expected) return { verdict: 'inconclusive', reason: `the case says nothing about Linux ${cell.kernel.series}` }
  return cell.case.control === 'negative' ? judgeNegative(cell.measured) : compare(cell, expected, control)
}

/** Reasons not to believe the numbers, whatever they are. */
function doubtsAbout({ case: { reload }, guest, pins, backwards, measured }: Judged): string[] {
  const doubt = (when: boolean, why: string) => (when ? [why] : [])
  return [
    ...disagreements(measured).map((what) => `the counts disagree: ${what}`),
    ...doubt(
      reload !== false && measured.resetsBeforeReloads > 0,
      `${plural(measured.resetsBeforeReloads, 'reset')} before the first reload`,
    ),
    ...doubt(reload !== false && measured.reloads === 0, 'no reload was made'),
    ...doubt(
      pins.proxy === pins.generator || !/^\d+$/.test(pins.proxy) || !/^\d+$/.test(pins.generator),
      `proxy and generator are not pinned apart: the proxy to CPU ${pins.proxy}, the generator to ${pins.generator}`,
    ),
    ...doubt(
      guest === 'qemu' && (new Set(pins.vcpus).size !== 2 || !pins.vcpus.every((cpu) => /^\d+$/.test(cpu))),
      `the vCPU threads are not pinned to a host CPU of their own each: ${pins.vcpus.join(' and ') || 'unknown'}`,
    ),
    ...doubt(backwards > 0, `the clocks of the CPUs disagree by ${backwards} µs`),
  ]
}

function judgeNegative({ resets, refused, connections }: Measured): { verdict: Verdict; reason: string } {
  if (resets + refused)
    return { verdict: 'contradicts', reason: `${resets} resets and ${refused} refused without any reload` }
  return { verdict: 'expected', reason: `0 resets in ${connections} connections without a reload` }
}

function compare(
  { measured, seed }: Judged,
  { resets: theory, refused, because }: Expectation,
  control: Measured | undefined,
): { verdict: Verdict; reason: string } {
  const { resets, reloads, resetsPerReload, resetsByReload } = measured
  const found = resets
    ? `${plural(resets, 'reset')} in ${plural(reloads, 'reload')}, ${round(resetsPerReload.mean)} a reload`
    : `0 resets in ${plural(reloads, 'reload')}: below ${round(resetsPerReload.high)} a reload`
  const against = control ? `${round(control.resetsPerReload.mean)} a reload without a mitigation` : ''
  const holds = (verdict: Verdict, more: string) => ({
    verdict,
    reason: [found, more, otherLosses(measured)].filter(Boolean).join('; '),
  })

  if (refused && !measured.refused) return holds('contradicts', `none refused; theory: some, ${because}`)
  if (theory === 'some') return resets ? holds('expected', '') : holds('contradicts', `theory: some, ${because}`)
  if (theory === 'none' && resets + measured.refused) return holds('contradicts', `theory: none, ${because}`)
  if (!control?.resets) return holds('inconclusive', 'the positive control "none" lost nothing or did not run')
  if (theory === 'none') return holds('expected', against)

  const p = permutationP(resetsByReload, control.resetsByReload, seed)
  const fewer = resetsPerReload.mean < control.resetsPerReload.mean
  if (p >= SURE) return holds('inconclusive', `${against}: no sure difference, p = ${round(p)}`)
  return holds(fewer === (theory === 'fewer') ? 'expected' : 'contradicts', `${against}, p = ${round(p)}`)
}

/** What was lost otherwise, so that no "0 resets" hides it. */
const otherLosses = ({ refused, timeouts, short, other }: Measured) =>
  Object.entries({ refused, 'timed out': timeouts, 'cut short': short, 'lost otherwise': other })
    .filter(([, count]) => count)
    .map(([how, count]) => `${count} ${how}`)
    .join(', ')
