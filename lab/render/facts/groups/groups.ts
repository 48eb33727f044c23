import { pricedAgainst } from '../../../measure/verdict/undeclared.ts'
import type { Load } from '../../../model/case/load.ts'
import { proxyName } from '../../../model/cell.ts'
import { isMeasured, type MeasuredCell, type Result, type ResultCell, type Skipped } from '../../../model/result.ts'
import { older } from '../../../model/text/range.ts'
import { asAsked } from '../cells/cases.ts'
import { conditionsOf, likenessOf } from '../cells/conditions.ts'
import { type Labels, labelled } from '../cells/labels.ts'
import { decimal } from '../cells/numbers.ts'

/** Cells that may be compared directly: one run (of a run that was put together, one shard), kernel, proxy, guest and load; only the case differs. */
export interface Group extends Labels {
  kernel: string
  series: string
  run?: string
  /** The run that was named first, with which others are compared; of several runs only. */
  first?: string
  load: Load
  proxy: ResultCell['proxy']
  /** Whether it is the running kernel. */
  host: boolean
  conditions: string
  /** Groups that have the same were run alike but for the kernel, and what the lab found out about it. */
  likeness: string
  /** Whether reports tell its prices: those of `half` where there is one, else all. */
  tellsPrice: boolean
  cells: ResultCell[]
  /** What this kernel could not run with this proxy. */
  skipped: Skipped[]
  /** The case `none`, which the others are compared with. */
  base?: MeasuredCell
  /** What prices are told against: `none`, or `no-reload` where `none` is an outage. */
  priceBase?: MeasuredCell
}

/** The conditions of a group, and how many reloads a second came of the pause, since a reload takes its time. */
export function described({ conditions, cells }: Group): string {
  const rates = cells.filter(isMeasured).flatMap((cell) => (cell.reloads ? [cell.reloadsPerSecond] : []))
  if (rates.length === 0) return conditions
  const [least, most] = [Math.min(...rates), Math.max(...rates)].map((rate) => decimal(rate)) as [string, string]
  return `${conditions}; ${least === most ? most : `${least} to ${most}`} reloads a second`
}

/** Orders by version, the oldest first; what has no version comes last. Negative when `a` is the older one. */
export function byVersion(a: string, b: string): number {
  const [known, other] = [/^\d/.test(a), /^\d/.test(b)]
  if (!known || !other) return Number(other) - Number(known)
  return older(a, b) ? -1 : older(b, a) ? 1 : 0
}

/** Closed loops first, the smallest load first. */
const byLoad = (a: Load, b: Load) =>
  Number(a.rate !== null) - Number(b.rate !== null) || (a.rate ?? a.users) - (b.rate ?? b.users)

/** All connections in one go come last. */
export const byMaxaccept = (a: number, b: number) =>
  (a < 0 ? Number.POSITIVE_INFINITY : a) - (b < 0 ? Number.POSITIVE_INFINITY : b) || 0

/**
 * The groups of a result: the oldest kernel first, runs and proxies of the same kernel in their own order, the loads of
 * one kernel and proxy next to each other.
 *
 * @param runs the name of each cell's run, in the order of `result.cells`, when they come from several
 */
export function groupsOf(result: Result, runs?: string[]): Group[] {
  const byKey = new Map<string, Omit<Group, keyof Labels>>()
  const keyOf = (one: { kernel: string; case: string }, proxy = '') => JSON.stringify([one.kernel, proxy, one.case])
  const ran = new Set(result.cells.map((cell) => keyOf(cell, cell.proxy.name)))
  for (const [i, cell] of result.cells.entries()) {
    const asked = asAsked(result, cell)
    const conditions = conditionsOf(asked)
    const run = runs?.[i] ?? (cell.shard === undefined ? undefined : `shard ${cell.shard}`)
    const key = JSON.stringify([run, cell.kernel, cell.load.name, conditions])
    const group = byKey.get(key) ?? {
      kernel: cell.kernel,
      series: cell.series,
      run,
      first: runs?.[0],
      load: asked.load,
      proxy: cell.proxy,
      host: cell.guest === 'host',
      conditions,
      likeness: likenessOf(asked),
      tellsPrice: true,
      cells: [],
      // In a comparison nothing says in which run a case was skipped: it counts where no run of this kernel has it.
      skipped: result.skipped.filter(
        (skipped) =>
          skipped.kernel === cell.kernel &&
          (skipped.proxy === undefined || isOf(skipped.proxy, cell.proxy)) &&
          !ran.has(keyOf(skipped, cell.proxy.name)),
      ),
    }
    byKey.set(key, group)
    group.cells.push(cell)
    if (cell.case === 'none' && isMeasured(cell)) group.base ??= cell
  }
  const names = [...new Set([...byKey.values()].map(({ run }) => run))]
  const proxies = [...new Set(result.cells.map(({ proxy }) => proxy.name))]
  const sorted = [...byKey.values()].sort(
    (a, b) =>
      byVersion(a.series, b.series) ||
      byVersion(a.kernel, b.kernel) ||
      Number(a.host) - Number(b.host) ||
      names.indexOf(a.run) - names.indexOf(b.run) ||
      proxies.indexOf(a.proxy.name) - proxies.indexOf(b.proxy.name) ||
      byVersion(a.proxy.version, b.proxy.version) ||
      byMaxaccept(a.proxy.maxaccept, b.proxy.maxaccept) ||
      byLoad(a.load, b.load),
  )
  const all = labelled(sorted)
  const half = new Set(all.filter(({ load }) => load.name === 'half').map(({ place }) => place))
  return all.map((group) => ({
    ...group,
    tellsPrice: group.load.name === 'half' || !half.has(group.place),
    priceBase: priceBaseOf(group),
  }))
}

function priceBaseOf({ cells, base }: Pick<Group, 'cells' | 'base'>): MeasuredCell | undefined {
  const quiet = cells.filter(isMeasured).find((cell) => cell.case === 'no-reload' && cell.reloads === 0)
  return pricedAgainst(base, quiet)
}

/** Whether a skipped case is one of this proxy: a plan names it in full. */
const isOf = (named: string, proxy: ResultCell['proxy']) => named === proxyName(proxy)
