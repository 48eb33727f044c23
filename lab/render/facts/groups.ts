import type { Load } from '../../model/load.ts'
import { older } from '../../model/range.ts'
import { isMeasured, type MeasuredCell, type Result, type Skipped } from '../../model/result.ts'
import { counted, decimal, whole } from './format.ts'

export type Cell = Result['cells'][number]

/** Cells that may be compared directly: one run, kernel, proxy, guest and load; only the case differs. */
export interface Group {
  /** As the label, with the kernel's full name. Unique among the groups. */
  title: string
  /** The kernel's series and what else differs between the groups: "6.1 half", "6.18 host users-20 maxaccept 64". */
  label: string
  /** The label without the load: groups that share it differ in their loads alone. */
  place: string
  /** The label without the kernel and run: groups that share it can be told apart by their kernels alone. */
  setting: string
  /** The label's kernel and run alone. */
  where: string
  kernel: string
  series: string
  run?: string
  /** The run that was named first, with which others are compared; of several runs only. */
  first?: string
  load: Load
  conditions: string
  /** Groups that have the same were run alike but for the kernel, and what the lab found out about it. */
  alike: string
  /** Whether prices are told of this load: of `half` where there is one, else of each. */
  priced: boolean
  cells: Cell[]
  /** What this kernel could not run. */
  skipped: Skipped[]
  /** The case `none`, which the others are compared with. */
  base?: MeasuredCell
}

/** Groups of one run, kernel, proxy and guest that differ in their loads alone. */
export interface Place {
  /** The label of its groups without their load. */
  label: string
  kernel: string
  groups: Group[]
}

/** How a cell was loaded, in one line. */
export function conditions({ proxy, guest, accel, load, boots }: Cell): string {
  const users = `${whole(load.users)} users`
  const loop =
    load.rate === null
      ? `closed loop, ${users}`
      : `open loop, ${whole(load.rate)} connections a second${load.capacity === null ? '' : ` of ${whole(load.capacity)} that it carries`}, at most ${users}`
  const client = [load.fusedAck && 'fused ACK', load.closeWithRst && 'closes with RST'].filter((word) => word !== false)
  return [
    `HAProxy ${proxy.version}, maxaccept ${proxy.maxaccept}`,
    guest === 'host'
      ? "the host's own kernel"
      : accel === 'kvm'
        ? `${guest} with KVM`
        : `${guest}, emulated (${accel})`,
    loop,
    ...client,
    `${counted(boots, 'boot')} with reloads for ${load.duration} s and pauses of ${whole(load.interval)} ms`,
  ].join('; ')
}

/** The conditions of a group, and how many reloads a second came of the pause: a reload takes its time. */
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

/** What two kernels have in common that were run alike: of `half`, the rate follows from the kernel. */
function alikeness({ proxy, guest, accel, load, boots }: Cell): string {
  const { capacity, rate, ...asked } = load
  return JSON.stringify([proxy, guest, accel, asked, capacity === null ? rate : null, boots])
}

/** How a load is told in a sentence, behind "under". */
export function loadWords({ name, rate, users }: Load): string {
  if (name === 'saturated') return "the article's load"
  if (name === 'half') return 'half of the capacity'
  return rate === null ? counted(users, 'connection') : `${whole(rate)} arrivals a second`
}

/** Closed loops first, the smallest load first. */
const byLoad = (a: Load, b: Load) =>
  Number(a.rate !== null) - Number(b.rate !== null) || (a.rate ?? a.users) - (b.rate ?? b.users)

/** All connections in one go come last. */
const byMaxaccept = (a: number, b: number) =>
  (a < 0 ? Number.POSITIVE_INFINITY : a) - (b < 0 ? Number.POSITIVE_INFINITY : b) || 0

/**
 * The groups of a result: the oldest kernel first, runs of the same kernel in their own order, the loads of one kernel
 * next to each other.
 *
 * @param labels the name of each cell's run, in the order of `result.cells`, when they come from several
 */
export function groups(result: Result, labels?: string[]): Group[] {
  const byKey = new Map<string, Group>()
  const ran = new Set(result.cells.map((cell) => JSON.stringify([cell.kernel, cell.case])))
  for (const [i, cell] of result.cells.entries()) {
    const run = labels?.[i]
    const key = JSON.stringify([run, cell.kernel, cell.load.name, conditions(cell)])
    const group = byKey.get(key) ?? {
      title: '',
      label: '',
      place: '',
      setting: '',
      where: '',
      kernel: cell.kernel,
      series: cell.series,
      run,
      first: labels?.[0],
      load: cell.load,
      conditions: conditions(cell),
      alike: alikeness(cell),
      priced: true,
      cells: [],
      // In a comparison nothing says in which run a case was skipped: it counts where no run of this kernel has it.
      skipped: result.skipped.filter(
        (skipped) => skipped.kernel === cell.kernel && !ran.has(JSON.stringify([skipped.kernel, skipped.case])),
      ),
    }
    byKey.set(key, group)
    group.cells.push(cell)
    if (cell.case === 'none' && isMeasured(cell)) group.base ??= cell
  }
  const runs = [...new Set(labels)]
  const all = [...byKey.values()].sort(
    (a, b) =>
      byVersion(a.series, b.series) ||
      byVersion(a.kernel, b.kernel) ||
      hostLast(a) - hostLast(b) ||
      runs.indexOf(a.run ?? '') - runs.indexOf(b.run ?? '') ||
      byVersion(proxyOf(a).version, proxyOf(b).version) ||
      byMaxaccept(proxyOf(a).maxaccept, proxyOf(b).maxaccept) ||
      byLoad(a.load, b.load),
  )
  const named = labelled(all)
  const half = new Set(named.filter(({ load }) => load.name === 'half').map(({ place }) => place))
  return named.map((group) => ({ ...group, priced: group.load.name === 'half' || !half.has(group.place) }))
}

const proxyOf = ({ cells }: Group) => cells[0]!.proxy
const hostLast = ({ cells }: Group) => Number(cells[0]!.guest === 'host')

/** Names each group by its kernel and what differs between the groups, and by no more than that. */
function labelled(all: Group[]): Group[] {
  const several = (of: (group: Group) => unknown) => new Set(all.map(of)).size > 1
  const [loads, versions, maxaccepts] = [
    several(({ load }) => load.name),
    several((group) => proxyOf(group).version),
    several((group) => proxyOf(group).maxaccept),
  ]
  const load = (group: Group) => (loads ? ` ${group.load.name}` : '')
  const proxy = (group: Group) => {
    const { version, maxaccept } = proxyOf(group)
    return `${versions ? ` HAProxy ${version}` : ''}${maxaccepts ? ` maxaccept ${maxaccept < 0 ? 'all' : maxaccept}` : ''}`
  }
  const host = (group: Group) => (hostLast(group) ? ' host' : '')
  const series = all.map((group) => `${group.series}${host(group)}`)
  const unclear = clashes(series, (i) => all[i]!.kernel)
  const kernels = all.map((group, i) => (unclear(i) ? `${group.kernel}${host(group)}` : series[i]!))
  const shorts = all.map((group, i) => `${kernels[i]}${load(group)}${proxy(group)}`)
  const sameInRuns = clashes(shorts, (i) => all[i]!.run)
  const runs = all.map(({ run }, i) => (sameInRuns(i) ? ` (${run})` : ''))
  const names = shorts.map((short, i) => `${short}${runs[i]}`)
  /** Where all of that is the same, what else is not. */
  const rest = (group: Group, i: number) => {
    const alike = all.filter((_, other) => names[other] === names[i])
    if (alike.length < 2) return ''
    const parts = group.conditions.split('; ')
    return `: ${parts.filter((part) => alike.some(({ conditions }) => !conditions.split('; ').includes(part))).join('; ')}`
  }
  return all.map((group, i) => {
    const where = `${kernels[i]}${runs[i]}`
    const more = `${proxy(group)}${rest(group, i)}`
    return {
      ...group,
      label: `${where}${load(group)}${more}`,
      title: `${group.kernel}${host(group)}${runs[i]}${load(group)}${more}`,
      place: `${where}${more}`,
      setting: `${load(group)}${proxy(group)}`.trim(),
      where,
    }
  })
}

/** Of names, whether another place has the same one and something else that the name should tell. */
function clashes(names: string[], of: (i: number) => unknown): (i: number) => boolean {
  const found = new Map<string, Set<unknown>>()
  for (const [i, name] of names.entries()) found.set(name, (found.get(name) ?? new Set()).add(of(i)))
  return (i) => found.get(names[i]!)!.size > 1
}

/** The groups by place: where there are several loads, those of one kernel and proxy together. */
export function places(all: Group[]): Place[] {
  const found = new Map<string, Place>()
  for (const group of all) {
    const place = found.get(group.place) ?? { label: group.place, kernel: group.kernel, groups: [] }
    found.set(group.place, place)
    place.groups.push(group)
  }
  return [...found.values()]
}

/** Groups that differ in their kernels and runs alone. */
export interface Setting {
  /** What differs from other settings: "half", "saturated maxaccept 64"; empty where there is but one. */
  label: string
  load: Load
  groups: Group[]
}

/** The groups by setting, in the order of the first kernel. */
export function settings(all: Group[]): Setting[] {
  const labels = [...new Set(all.map(({ setting }) => setting))]
  return labels.map((label) => {
    const groups = all.filter(({ setting }) => setting === label)
    return { label, load: groups[0]!.load, groups }
  })
}

/** Whether there is more than one kernel, not only runs of the same. */
export const severalKernels = (all: Group[]) => new Set(all.map(({ kernel }) => kernel)).size > 1

/** Whether no kernel is there twice, as in several runs of the same, so that one can speak of versions. */
export const distinctKernels = (all: Group[]) =>
  severalKernels(all) && new Set(all.map(({ kernel }) => kernel)).size === new Set(all.map(({ where }) => where)).size
