import { isMeasured, type MeasuredCell } from '../../model/result.ts'
import { counted, list } from '../../model/text/amounts.ts'
import { comparable, knownToLoseMore, lost } from '../facts/cells/account.ts'
import { bound, decimal } from '../facts/cells/numbers.ts'
import type { Group } from '../facts/groups/groups.ts'
import { distinctKernels } from '../facts/groups/places.ts'
import { kindsOf } from '../facts/machines/machines.ts'
import { name, type Words } from './words.ts'

/** A case on a kernel. */
interface Point {
  group: Group
  cell: MeasuredCell
}

const labels = (points: Point[]) => list(points.map(({ group }) => group.label))
const isHit = ({ cell }: Point) => cell.resets + cell.refused > 0
const most = (points: Point[], value: (cell: MeasuredCell) => number) =>
  points.reduce((best, point) => (value(point.cell) > value(best.cell) ? point : best))
const meanOf = (cell: MeasuredCell) => cell.resetsPerReload.mean
const caseOf = (points: Point[]) => name(points[0]!.cell.case)

/** What holds on all kernels, and where it depends on the kernel: from which version on. A sentence each. */
export function acrossKernels(all: Group[]): Words[] {
  const points = all.flatMap((group) => group.cells.filter(isMeasured).map((cell): Point => ({ group, cell })))
  const byCase = [...new Set(points.map(({ cell }) => cell.case))]
    .map((title) => points.filter(({ cell }) => cell.case === title && comparable(cell)))
    .filter((some) => some.length > 0)
  const always = byCase.filter((some) => some.every(isHit))
  const never = byCase.filter((some) => !some.some(isHit))
  const mixed = byCase.filter((some) => !always.includes(some) && !never.includes(some))
  return [
    ...alwaysLossy(always, all),
    ...refusals(byCase.flat()),
    ...neverLossy(never, all),
    ...mixed.map((some) => depends(some, distinctKernels(all))),
    ...withoutReloads(points),
  ]
}

/** On which of the kernels, where it is not all of them: " (from 4.9 on)". */
function where(points: Point[], all: Group[]): string {
  if (points.length === all.length) return ''
  const places = points.map(({ group }) => all.indexOf(group))
  const [from, to] = [places[0]!, places.at(-1)!]
  const inARow = to - from + 1 === places.length && places.length > 1 && distinctKernels(all)
  if (inARow && to === all.length - 1) return ` (from ${all[from]!.label} on)`
  if (inARow && from === 0) return ` (up to ${all[to]!.label})`
  const others = all.filter((group) => points.every((point) => point.group !== group))
  return others.length < points.length
    ? ` (not on ${list(others.map(({ label }) => label))})`
    : ` (on ${labels(points)})`
}

function alwaysLossy(always: Point[][], all: Group[]): Words[] {
  if (always.length === 0) return []
  const ranges = always
    .toSorted((a, b) => meanOf(most(b, meanOf).cell) - meanOf(most(a, meanOf).cell))
    .map((points) => {
      const [least, top] = [most(points, (cell) => -meanOf(cell)), most(points, meanOf)]
      const [low, high] = [least, top].map(({ cell }) => decimal(meanOf(cell))) as [string, string]
      const range = low === high ? high : `${low} (${least.group.label}) to ${high} (${top.group.label})`
      return `${caseOf(points)}${where(points, all)} ${range}`
    })
  const cases = always.length > 1 ? 'These cases' : 'This case'
  return [`${cases} lost connections on every kernel that gave an answer; resets per reload: ${ranges.join('; ')}.`]
}

/** Where connections were refused, resets alone do not tell the story. */
function refusals(points: Point[]): Words[] {
  const refusedBy = (cell: MeasuredCell) => cell.refused / cell.reloads
  const groups = [...new Set(points.filter(({ cell }) => cell.refused > 0).map(({ group }) => group))]
  return groups.map((group) => {
    const top = most(
      points.filter((point) => point.group === group),
      refusedBy,
    )
    return `On ${group.label} connections were refused, not only reset: up to ${decimal(refusedBy(top.cell))} per reload (${caseOf([top])}).`
  })
}

function neverLossy(never: Point[][], all: Group[]): Words[] {
  if (never.length === 0) return []
  const cases = never.map((points) => `${caseOf(points)}${where(points, all)}`)
  return [
    `${list(cases)} reset and refused no connection on any kernel that gave an answer; ${exposures(never.flat())}.`,
  ]
}

/** How much zeros say: the reloads that were exposed, and the weakest of the bounds that follow. */
function exposures(points: Point[]): string {
  const known = points.flatMap(({ cell }) => (cell.exposed === null ? [] : [{ ...cell, exposed: cell.exposed }]))
  if (known.length < points.length) return 'how many reloads were exposed is not known of each'
  const least = known.reduce((best, cell) => (cell.exposed < best.exposed ? cell : best))
  return `each had at least ${counted(least.exposed, 'exposed reload')} (${bound(least) ?? '<100\u00a0%'} of them lose any)`
}

function depends(points: Point[], versions: boolean): Words {
  const [hit, spared] = [points.filter(isHit), points.filter((point) => !isHit(point))]
  const rate = `up to ${decimal(meanOf(most(hit, meanOf).cell))} resets per reload`
  const cells = (some: Point[]) => some.map(({ cell }) => cell)
  const unknown = (why: string) =>
    `${caseOf(points)}: ${rate} on ${labels(hit)}, none seen on ${labels(spared)}; ${why}.`
  if (kindsOf(cells(points)).length > 1) return unknown('they ran on different kinds of CPU, which may be why')
  if (!knownToLoseMore(cells(hit), cells(spared))) return unknown('these are not known to differ')
  const turns = points.flatMap((point, i) => (i > 0 && isHit(point) !== isHit(points[i - 1]!) ? [i] : []))
  const lead = `${caseOf(points)} depends on the kernel: `
  if (!versions || turns.length !== 1) return `${lead}${rate} on ${labels(hit)}, none on ${labels(spared)}.`
  const [before, after] = [points[turns[0]! - 1]!.group.label, points[turns[0]!]!.group.label]
  return isHit(points[0]!)
    ? `${lead}${rate} up to ${before}, none from ${after} on.`
    : `${lead}none up to ${before}, ${rate} from ${after} on.`
}

function withoutReloads(points: Point[]): Words[] {
  const still = points.filter(({ cell }) => cell.reloads === 0)
  if (still.length === 0) return []
  const bad = still.filter(({ cell }) => lost(cell) > 0)
  return bad.length > 0
    ? [`Connections were lost even without a reload on ${labels(bad)}: not all losses are due to reloads.`]
    : ['No connection was lost without a reload.']
}
