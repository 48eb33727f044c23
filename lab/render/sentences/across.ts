import { isMeasured, type MeasuredCell, type Result } from '../../model/result.ts'
import { answers, comparable, hidden, lost, lostOtherwise, undisturbed } from '../facts/account.ts'
import { bound, counted, decimal, list, percent, whole } from '../facts/format.ts'
import { distinctKernels, type Group } from '../facts/groups.ts'
import { notHad } from '../facts/matrix.ts'
import { costless, price } from './price.ts'
import { leftOut, name, type Words } from './words.ts'

/** A case on a kernel. */
interface Point {
  group: Group
  cell: MeasuredCell
}

const labels = (points: Point[]) => list(points.map(({ group }) => group.label))
const isHit = ({ cell }: Point) => cell.resets + cell.refused > 0
const most = (points: Point[], value: (cell: MeasuredCell) => number) =>
  points.reduce((best, point) => (value(point.cell) > value(best.cell) ? point : best))
const resetsOf = (cell: MeasuredCell) => cell.resetsPerReload.mean

/** What holds on all kernels, and where it depends on the kernel: from which version on. A sentence each. */
export function acrossKernels(result: Result, all: Group[]): Words[] {
  const points = all.flatMap((group) => group.cells.filter(isMeasured).map((cell): Point => ({ group, cell })))
  const cases = [...new Set(points.map(({ cell }) => cell.case))]
  const byCase = cases
    .map((name) => points.filter(({ cell }) => cell.case === name && comparable(cell)))
    .filter((some) => some.length > 0)
  const aside = points.filter(({ cell }) => answers(cell) && !undisturbed(cell))
  const always = byCase.filter((points) => points.every(isHit))
  const never = byCase.filter((points) => !points.some(isHit))
  const mixed = byCase.filter((points) => !always.includes(points) && !never.includes(points))
  return [
    ...alwaysLossy(always, all),
    ...refusals(byCase.flat()),
    ...unseen(byCase.flat()),
    ...neverLossy(never, all),
    ...mixed.map((points) => depends(points, distinctKernels(all))),
    ...otherwise([...never, ...mixed]),
    ...prices(never),
    ...withoutReloads(points),
    ...leftOut(aside.map(({ group, cell }) => ({ cell, on: group.label }))),
    ...open(result, all),
  ]
}

const nameOf = (points: Point[]) => name(points[0]!.cell.case)

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
    .toSorted((a, b) => resetsOf(most(b, resetsOf).cell) - resetsOf(most(a, resetsOf).cell))
    .map((points) => {
      const [least, top] = [most(points, (cell) => -resetsOf(cell)), most(points, resetsOf)]
      const [low, high] = [least, top].map(({ cell }) => decimal(resetsOf(cell)))
      const range =
        low === high
          ? high
          : `${decimal(resetsOf(least.cell))} (${least.group.label}) to ${decimal(resetsOf(top.cell))} (${top.group.label})`
      return `${nameOf(points)}${where(points, all)} ${range}`
    })
  return [`Connections were lost wherever these gave an answer; resets a reload: ${ranges.join('; ')}.`]
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
    return `On ${group.label} connections were refused, not only reset: up to ${decimal(refusedBy(top.cell))} a reload (${nameOf([top])}).`
  })
}

function unseen(points: Point[]): Words[] {
  const sum = (value: (cell: MeasuredCell) => number) => points.reduce((total, { cell }) => total + value(cell), 0)
  const [resets, hid] = [sum(({ resets }) => resets), sum(hidden)]
  if (hid === 0) return []
  return [
    `Of all ${counted(resets, 'reset')} the article's tool would have shown ${whole(resets - hid)} (${percent(1 - hid / resets)}) as errors.`,
  ]
}

function neverLossy(never: Point[][], all: Group[]): Words[] {
  if (never.length === 0) return []
  const those = never.map((points) => `${nameOf(points)}${where(points, all)}`)
  return [`Wherever they gave an answer, ${list(those)} reset and refused none; ${exposures(never.flat())}.`]
}

/** How much zeros say: the reloads that were exposed, and the weakest of the bounds that follow. */
function exposures(points: Point[]): string {
  const known = points.flatMap(({ cell }) => (cell.exposed === null ? [] : [{ ...cell, exposed: cell.exposed }]))
  if (known.length < points.length) return 'how many reloads were exposed is not known everywhere'
  const least = known.reduce((best, cell) => (cell.exposed < best.exposed ? cell : best))
  return `each had at least ${counted(least.exposed, 'exposed reload')} (${bound(least) ?? '<100\u00a0%'} of them lose any)`
}

function depends(points: Point[], versions: boolean): Words {
  const [hit, spared] = [points.filter(isHit), points.filter((point) => !isHit(point))]
  const rate = `up to ${decimal(resetsOf(most(hit, resetsOf).cell))} resets a reload`
  const turns = points.flatMap((point, i) => (i > 0 && isHit(point) !== isHit(points[i - 1]!) ? [i] : []))
  if (!versions || turns.length !== 1)
    return `It depends for ${nameOf(points)}: ${rate} on ${labels(hit)}, none on ${labels(spared)}.`
  const [before, after] = [points[turns[0]! - 1]!.group.label, points[turns[0]!]!.group.label]
  return isHit(points[0]!)
    ? `It depends for ${nameOf(points)}: ${rate} up to ${before}, none from ${after} on.`
    : `It depends for ${nameOf(points)}: none up to ${before}, ${rate} from ${after} on.`
}

function otherwise(byCase: Point[][]): Words[] {
  return byCase.flatMap((points) => {
    const some = points.filter(({ cell }) => lostOtherwise(cell) > 0)
    if (some.length === 0) return []
    const counts = some.map(({ cell }) => lostOtherwise(cell))
    const each =
      some.length > 3
        ? `${whole(Math.min(...counts))} to ${whole(Math.max(...counts))} on each of ${some.length} kernels`
        : list(some.map(({ group }, i) => `${whole(counts[i]!)} on ${group.label}`))
    return [`Under ${nameOf(points)} connections timed out or were cut short: ${each}.`]
  })
}

/** What cases cost that lose none: where a price stands out on at least half of the kernels, the dearest. */
function prices(never: Point[][]): Words[] {
  return never.flatMap((points) => {
    const priced = points.filter(({ group }) => group.priced && group.base && undisturbed(group.base))
    if (priced.length && priced.every(({ group, cell }) => costless(cell, group.base)))
      return [`${nameOf(priced)} has no measurable cost on ${priced.length === 1 ? labels(priced) : 'any of them'}.`]
    const dear = priced.filter(({ group, cell }) => price(cell, group.base).length > 0)
    if (dear.length === 0 || dear.length < priced.length / 2) return []
    const top = most(dear, ({ latencyMs }) => latencyMs.p99)
    return [`${nameOf(dear)} has a price, on ${top.group.label}: ${list(price(top.cell, top.group.base))}.`]
  })
}

function withoutReloads(points: Point[]): Words[] {
  const still = points.filter(({ cell }) => cell.reloads === 0)
  if (still.length === 0) return []
  const bad = still.filter(({ cell }) => lost(cell) > 0)
  if (bad.length > 0)
    return [`Even without a reload connections were lost on ${labels(bad)}: not all of the above is due to reloads.`]
  return ['Without a reload none was lost on any of them.']
}

/** What is no answer, so that nobody takes it for a zero. */
function open(result: Result, all: Group[]): Words[] {
  const cells = all.flatMap((group) =>
    group.cells
      .filter((cell) => !isMeasured(cell) || cell.verdict === 'inconclusive')
      .map((cell) => `${name(cell.case)} on ${group.label} (${cell.verdict})`),
  )
  const gone = notHad(result).map(({ kernel }) => name(kernel))
  return [
    ...(cells.length > 0 ? [`No answer for ${list(cells)}: that is not a zero.`] : []),
    ...(gone.length > 0 ? [`${list(gone)} could not be had.`] : []),
  ]
}
