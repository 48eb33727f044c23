import { mean } from 'simple-statistics'
import { older } from '../../cases/range.ts'
import { resetsByBoot } from '../measure/measure.ts'
import { isMeasured, type MeasuredCell, type Result, type Skipped } from '../measure/result.ts'
import { differenceP } from '../measure/statistics.ts'
import { comparable } from './account.ts'
import { counted, decimal, whole } from './format.ts'

export type Cell = Result['cells'][number]

/** Cells that may be compared directly: one run, kernel, proxy, guest and load; only the case differs. */
export interface Group {
  /** The kernel, with the run's name when there are several runs. Unique among the groups. */
  title: string
  /** As short as it can be and still unique: the series, else with the run, else the title. */
  label: string
  kernel: string
  series: string
  run?: string
  /** The run that was named first, with which others are compared; of several runs only. */
  first?: string
  conditions: string
  cells: Cell[]
  /** What this kernel could not run. */
  skipped: Skipped[]
  /** The case `none`, which the others are compared with. */
  base?: MeasuredCell
}

/** How a cell was loaded, in one line. */
export function conditions({ proxy, guest, accel, load, boots }: Cell): string {
  const users = `${whole(load.users)} users`
  const loop =
    load.rate === null
      ? `closed loop, ${users}`
      : `open loop, ${whole(load.rate)} connections a second, at most ${users}`
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

/**
 * The groups of a result: the oldest kernel first, runs of the same kernel in their own order.
 *
 * @param labels the name of each cell's run, in the order of `result.cells`, when they come from several
 */
export function groups(result: Result, labels?: string[]): Group[] {
  const byKey = new Map<string, Group>()
  const ran = new Set(result.cells.map((cell) => JSON.stringify([cell.kernel, cell.case])))
  for (const [i, cell] of result.cells.entries()) {
    const run = labels?.[i]
    const key = JSON.stringify([run, cell.kernel, conditions(cell)])
    const group = byKey.get(key) ?? {
      title: run ? `${cell.kernel} (${run})` : cell.kernel,
      label: '',
      kernel: cell.kernel,
      series: cell.series,
      run,
      first: labels?.[0],
      conditions: conditions(cell),
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
  const all = [...byKey.values()].sort((a, b) => byVersion(a.series, b.series) || byVersion(a.kernel, b.kernel))
  const titles = all.map(({ title }) => title)
  return labelled(
    all.map((group) =>
      titles.filter((title) => title === group.title).length > 1
        ? { ...group, title: `${group.title}: ${group.conditions}` }
        : group,
    ),
  )
}

/** Gives each group the shortest label that no other has. */
function labelled(all: Group[]): Group[] {
  const series = (group: Group) => (group.cells[0]!.guest === 'host' ? `${group.series} host` : group.series)
  const choices = all.map((group) => [
    series(group),
    group.run === undefined ? group.kernel : `${series(group)} (${group.run})`,
    group.title,
  ])
  return all.map((group, i) => {
    const label = choices[i]!.find((choice, level) => choices.every((other, j) => j === i || other[level] !== choice))
    return { ...group, label: label ?? group.title }
  })
}

/** Whether there is more than one kernel, not only runs of the same. */
export const severalKernels = (all: Group[]) => new Set(all.map(({ kernel }) => kernel)).size > 1

/** Whether the groups are all different kernels, so that one can speak of versions. */
export const distinctKernels = (all: Group[]) =>
  all.length > 1 && new Set(all.map(({ kernel }) => kernel)).size === all.length

/** How the resets an exposed reload differ from those of another cell. */
export interface Change {
  /** −1 to ∞; null when the other has none to compare with. */
  share: number | null
  p: number
}

/** The change from `base` to `cell`; nothing when either may not be compared, or they are the same. */
export function change(cell: Cell, base: Cell | undefined): Change | undefined {
  if (!base || cell === base || !isMeasured(cell) || !isMeasured(base)) return undefined
  if (!comparable(cell) || !comparable(base)) return undefined
  // Of the exposed reloads only, as the p is: a case that starves its clients loses few because few are there to lose.
  const [its, others] = [cell, base].map((of) => resetsByBoot(of, 'exposed')) as [number[][], number[][]]
  const [at, from] = [its, others].map((boots) => (boots.flat().length ? mean(boots.flat()) : 0)) as [number, number]
  const share = from > 0 ? at / from - 1 : at === 0 ? 0 : null
  return { share, p: differenceP(its, others, cell.seed) }
}

/**
 * The same case in the first of several runs: on the same kernel when that run has it, else on the only kernel
 * that it has the case on, which is how a patched kernel is compared with its parent.
 */
export function inFirstRun(cell: Cell, group: Group, all: Group[]): Cell | undefined {
  const { first } = group
  if (first === undefined || group.run === first) return undefined
  const same = all
    .filter(({ run }) => run === first)
    .flatMap(({ cells }) => cells.filter((other) => other.case === cell.case))
  return same.find(({ kernel }) => kernel === cell.kernel) ?? (same.length === 1 ? same[0] : undefined)
}
