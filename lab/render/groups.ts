import { isMeasured, type MeasuredCell, type Result, type Skipped } from '../measure/result.ts'
import { permutationP } from '../measure/statistics.ts'
import { answers } from './account.ts'
import { whole } from './format.ts'

export type Cell = Result['cells'][number]

/** Cells that may be compared directly: one run, kernel, proxy, guest and load; only the case differs. */
export interface Group {
  /** The kernel, with the run's name when there are several runs. Unique among the groups. */
  title: string
  kernel: string
  run?: string
  conditions: string
  cells: Cell[]
  /** Of a single run only: in a comparison nothing says whose they are. */
  skipped: Skipped[]
  /** The case `none`, which the others are compared with. */
  base?: MeasuredCell
}

/** How a cell was loaded, in one line. */
export function conditions({ haproxy, guest, accel, load }: Cell): string {
  const users = `${whole(load.users)} users`
  const loop =
    load.rate === null
      ? `closed loop, ${users}`
      : `open loop, ${whole(load.rate)} connections a second, at most ${users}`
  const client = [load.fusedAck && 'fused ACK', load.closeWithRst && 'closes with RST'].filter((word) => word !== false)
  return [
    `HAProxy ${haproxy}`,
    guest === 'host'
      ? "the host's own kernel"
      : accel === 'kvm'
        ? `${guest} with KVM`
        : `${guest}, emulated (${accel})`,
    loop,
    ...client,
    `reloads ${whole(load.interval)} ms apart for ${load.duration} s`,
    `maxaccept ${load.maxaccept ?? 'as the proxy defaults'}`,
  ].join('; ')
}

/** @param labels the name of each cell's run, in the order of `result.cells`, when they come from several */
export function groups(result: Result, labels?: string[]): Group[] {
  const byKey = new Map<string, Group>()
  for (const [i, cell] of result.cells.entries()) {
    const run = labels?.[i]
    const key = JSON.stringify([run, cell.kernel, conditions(cell)])
    const group = byKey.get(key) ?? {
      title: run ? `${cell.kernel} (${run})` : cell.kernel,
      kernel: cell.kernel,
      run,
      conditions: conditions(cell),
      cells: [],
      skipped: run ? [] : result.skipped.filter(({ kernel }) => kernel === cell.kernel),
    }
    byKey.set(key, group)
    group.cells.push(cell)
    if (cell.case === 'none' && isMeasured(cell)) group.base ??= cell
  }
  const all = [...byKey.values()]
  const titles = all.map(({ title }) => title)
  return all.map((group) =>
    titles.filter((title) => title === group.title).length > 1
      ? { ...group, title: `${group.title}: ${group.conditions}` }
      : group,
  )
}

/** How the resets a reload differ from those of another cell. */
export interface Change {
  /** −1 to ∞; null when the other has none to compare with. */
  share: number | null
  p: number
}

/** The change from `base` to `cell`; nothing when either gives no answer, or they are the same. */
export function change(cell: Cell, base: Cell | undefined): Change | undefined {
  if (!base || cell === base || !isMeasured(cell) || !isMeasured(base)) return undefined
  if (!answers(cell) || !answers(base)) return undefined
  const [mean, from] = [cell.resetsPerReload.mean, base.resetsPerReload.mean]
  const share = from > 0 ? mean / from - 1 : mean === 0 ? 0 : null
  return { share, p: permutationP(cell.resetsByReload, base.resetsByReload, cell.seed) }
}

/**
 * The same case in the first of several runs: on the same kernel when that run has it, else on the only kernel
 * that it has the case on, which is how a patched kernel is compared with its parent.
 */
export function inFirstRun(cell: Cell, group: Group, all: Group[]): Cell | undefined {
  const first = all[0]?.run
  if (first === undefined || group.run === first) return undefined
  const same = all
    .filter(({ run }) => run === first)
    .flatMap(({ cells }) => cells.filter((other) => other.case === cell.case))
  return same.find(({ kernel }) => kernel === cell.kernel) ?? (same.length === 1 ? same[0] : undefined)
}
