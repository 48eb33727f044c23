import type { LoadedCase } from '../model/case/case.ts'
import type { Request } from '../model/request.ts'
import { capacityCost, type Foreseen, type ForeseenCell, foreseenCells, lasting } from './foreseen.ts'
import { loadsOf, needsCapacity } from './loads.ts'

/** A request that only a part of a run is of, and which of the whole run's it was made from. */
export interface PartRequest {
  /** The number of that one, from 0. */
  row: number
  request: Request
}

/** Cells that are compared with each other, and so belong on one machine. */
export interface Group {
  /** As `--kernel` names it. */
  kernel: string
  cells: ForeseenCell[]
  /** What must be found out before its first cell. */
  before: number
  requests: PartRequest[]
}

/**
 * The groups of a run, kernel after kernel: all cases under one load with one proxy; of experiments, all of them that
 * have a load in common, since they share cells and a table compares its rows.
 */
export function groupsOf(all: Foreseen[]): Group[] {
  const kernels = [...new Set(all.flatMap(({ kernels }) => kernels.map(({ spec }) => spec)))]
  const groups = all.every(({ experiment }) => experiment === null) ? byLoad : byExperiment
  return kernels.flatMap((kernel) => groups(all, kernel)).filter(({ cells }) => cells.length > 0)
}

function byLoad(all: Foreseen[], kernel: string): Group[] {
  return all.flatMap((foreseen, row) => {
    const { request } = foreseen
    const byKey = new Map<string, Group>()
    for (const cell of foreseenCells(foreseen, kernel)) {
      const { proxy, maxaccept, load } = cell
      const key = JSON.stringify([proxy.spec, maxaccept, load.name])
      const narrowed = {
        ...request,
        kernels: [kernel],
        maxaccepts: maxaccept === null ? null : [maxaccept],
        only: { loads: [load.name], ...(proxy.spec !== null && { proxies: [proxy.spec] }) },
      }
      const before = load.capacity === null ? 0 : capacityCost(request)
      const group: Group = byKey.get(key) ?? { kernel, cells: [], before, requests: [{ row, request: narrowed }] }
      group.cells.push(cell)
      byKey.set(key, group)
    }
    return [...byKey.values()]
  })
}

function byExperiment(all: Foreseen[], kernel: string): Group[] {
  const rows = all.map((foreseen, row) => ({ foreseen, row }))
  const experiments = [...new Set(all.map(({ experiment }) => experiment))]
  const loadsIn = (name: string | null) =>
    all.flatMap(({ experiment, request }) => (experiment === name ? loadsOf(request, 1).map((load) => load.name) : []))
  return connected(experiments, loadsIn).map((names): Group => {
    const own = rows.filter(({ foreseen }) => names.includes(foreseen.experiment))
    const cells = own.flatMap(({ foreseen }) => foreseenCells(foreseen, kernel))
    const needing = own.filter(({ foreseen }) => needsCapacity(foreseen.request))
    return {
      kernel,
      cells: eachOnce(cells),
      before: Math.max(0, ...needing.map(({ foreseen }) => capacityCost(foreseen.request))),
      requests: own.map(({ foreseen, row }) => ({ row, request: { ...foreseen.request, kernels: [kernel] } })),
    }
  })
}

/** Cells with the same setting are compared with each other. */
const settingOf = ({ load, proxy: { likely }, maxaccept }: ForeseenCell) =>
  JSON.stringify([load.name, likely.proxy, maxaccept ?? likely.maxaccept])

/** A cell that several rows share is carried out once; all of one setting as often and as long as the most thorough row asks. */
function eachOnce(cells: ForeseenCell[]): ForeseenCell[] {
  const bySetting = new Map<string, { boots: number; duration: number }>()
  for (const cell of cells) {
    const { boots = 0, duration = 0 } = bySetting.get(settingOf(cell)) ?? {}
    const most = { boots: Math.max(boots, cell.boots), duration: Math.max(duration, cell.load.duration) }
    bySetting.set(settingOf(cell), most)
  }
  const byName = new Map<string, ForeseenCell>()
  for (const cell of cells) {
    const key = JSON.stringify([cell.case.name, settingOf(cell)])
    // What is named by its version says more than "the first that can be had".
    if ((byName.get(key)?.proxy.version ?? null) === null) byName.set(key, cell)
  }
  return [...byName.values()].map((cell) => {
    const { boots, duration } = bySetting.get(settingOf(cell))!
    return lasting({ ...cell, boots, load: { ...cell.load, duration } })
  })
}

/** Things that are connected by what they have in common, directly or through others, in the order of the first. */
export function connected<T>(all: T[], linksOf: (one: T) => string[]): T[][] {
  let sets: { things: T[]; links: Set<string> }[] = []
  for (const one of all) {
    const links = linksOf(one)
    const near = sets.filter((set) => links.some((link) => set.links.has(link)))
    const joined = {
      things: [...near.flatMap(({ things }) => things), one],
      links: new Set([...near.flatMap((set) => [...set.links]), ...links]),
    }
    const [first] = near
    const rest = sets.filter((set) => set === first || !near.includes(set))
    sets = first ? rest.map((set) => (set === first ? joined : set)) : [...rest, joined]
  }
  return sets.map(({ things }) => things)
}

/** The cases of a group that can be parted: those that are compared with one another stay together; controls go with each. */
export function partable({ cells }: Group): LoadedCase[][] {
  const cases = [...new Map(cells.map((cell) => [cell.case.name, cell.case])).values()]
  const tested = cases.filter(({ control }) => !control)
  const named = (one: LoadedCase) => [one.against, ...Object.values(one.on ?? {}).map(({ against }) => against)]
  return connected(
    tested,
    (one) =>
      [
        one.name,
        ...named(one).filter((name) => name !== undefined && tested.some((other) => other.name === name)),
      ] as string[],
  )
}
