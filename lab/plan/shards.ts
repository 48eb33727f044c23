import type { Shard } from '../model/result/shard.ts'
import { type Foreseen, KERNEL_SECONDS } from './foreseen.ts'
import { type Group, groupsOf, type PartRequest, partable } from './groups.ts'
import { loadsOf } from './loads.ts'

/** A group, or some of its cases with all of its controls. */
export interface Part {
  group: Group
  /** By name; null: all. */
  cases: string[] | null
  loads: string[] | null
  seconds: number
}

/**
 * What one shard of a run measures. It follows from the command line alone, so that no shard needs to know what others
 * found. A group is not split while there are enough of them. Where there are more shards than groups, a group is split
 * by its cases, and each part has the controls again: a case without a live control says nothing, and a control on
 * another machine is none.
 *
 * @returns the requests of this shard; none where there are more shards than parts
 */
export function requestsOfShard(all: Foreseen[], { index, of }: Pick<Shard, 'index' | 'of'>): PartRequest[] {
  return partsOfShard(all, { index, of })
    .flatMap(({ group: { requests }, cases, loads }) =>
      requests.map(({ row, request }) => {
        const only = { ...request.only, ...(cases && { cases }), ...(loads && { loads }) }
        return { row, request: { ...request, ...(Object.keys(only).length > 0 && { only }) } }
      }),
    )
    .filter(({ request }) => loadsOf(request, 1).length > 0)
}

/** The parts of one shard; none where there are more shards than parts. */
export const partsOfShard = (all: Foreseen[], { index, of }: Pick<Shard, 'index' | 'of'>): Part[] =>
  shardsOf(groupsOf(all), of)[index - 1] ?? []

/** The cells of a part. */
export const cellsOf = ({ group, cases, loads }: Pick<Part, 'group' | 'cases' | 'loads'>): Group['cells'] =>
  group.cells.filter((cell) => (cases?.includes(cell.case.name) ?? true) && (loads?.includes(cell.load.name) ?? true))

/** The parts of each shard; shards that get nothing are left out. */
export function shardsOf(groups: Group[], of: number): Part[][] {
  const whole = groups.map(
    (group): Part => ({ group, cases: null, loads: null, seconds: secondsOf(group, group.cells) }),
  )
  return of < groups.length ? inARow(whole, of) : split(whole, of).map((part) => [part])
}

const secondsOf = ({ before }: Group, cells: Group['cells']) =>
  before + cells.reduce((sum, { seconds }) => sum + seconds, 0)

/** What a shard takes: each of its kernels must be fetched and tried. */
export const costOf = (parts: Part[]) =>
  KERNEL_SECONDS * new Set(parts.map(({ group }) => group.kernel)).size +
  parts.reduce((sum, { seconds }) => sum + seconds, 0)

/**
 * Parts in their order, divided so that the longest shard is as short as it can be. In their order, as parts of one kernel
 * then meet in few shards, and few shards fetch and try it.
 */
function inARow(parts: Part[], of: number): Part[][] {
  let [low, high] = [0, costOf(parts)]
  // To a second, no estimate is better.
  while (high - low > 1) {
    const limit = (low + high) / 2
    if (filled(parts, of, limit).length <= of) high = limit
    else low = limit
  }
  return filled(parts, of, high)
}

/** Shards that take no longer than a limit, as many as that needs, but at least so many. */
function filled(parts: Part[], least: number, limit: number): Part[][] {
  const shards: Part[][] = []
  for (const [i, part] of parts.entries()) {
    const last = shards.at(-1)
    const spare = parts.length - i > least - shards.length
    if (last && spare && costOf([...last, part]) <= limit) last.push(part)
    else shards.push([part])
  }
  return shards
}

/** Splits the longest part again and again, until there are as many as shards or nothing can be split. */
function split(whole: Part[], of: number): Part[] {
  const parts = whole.map((part) => ({ part, into: [part] }))
  const longest = (into: Part[]) => Math.max(...into.map(({ seconds }) => seconds))
  for (let count = parts.length; count < of; count++) {
    const [most] = parts
      .filter(({ part, into }) => into.length < partable(part.group).length)
      .toSorted((a, b) => longest(b.into) - longest(a.into))
    if (!most) break
    most.into = byCases(most.part.group, most.into.length + 1)
  }
  return parts.flatMap(({ into }) => into)
}

/**
 * The cases of a group in so many parts: the longest first, each to the part that is shortest by then. The controls are
 * in each part under the loads of its cases, and in the first under all.
 */
function byCases(group: Group, into: number): Part[] {
  const named = (names: string[]) => group.cells.filter((cell) => names.includes(cell.case.name))
  const controls = [...new Set(group.cells.filter((cell) => cell.case.control).map((cell) => cell.case.name))]
  const sets = partable(group).map((cases) => cases.map(({ name }) => name))
  const bins = Array.from({ length: into }, () => ({ names: [] as string[], seconds: 0 }))
  const secondsFor = (names: string[]) => secondsOf(group, named(names))
  for (const names of sets.toSorted((a, b) => secondsFor(b) - secondsFor(a))) {
    const shortest = bins.reduce((best, bin) => (bin.seconds < best.seconds ? bin : best))
    shortest.names.push(...names)
    shortest.seconds += secondsFor(names)
  }
  return bins.map(({ names }, i): Part => {
    const loads = i === 0 ? null : [...new Set(named(names).map(({ load }) => load.name))]
    const cases = [...controls, ...names]
    return { group, cases, loads, seconds: secondsOf(group, cellsOf({ group, cases, loads })) }
  })
}
