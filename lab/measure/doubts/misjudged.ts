import { isDeepStrictEqual } from 'node:util'
import { median } from 'simple-statistics'
import { type Load, SATURATED_USERS } from '../../model/case/load.ts'
import { cpuKinds } from '../../model/result/machine.ts'
import type { MeasuredCell } from '../../model/result.ts'

/**
 * What a capacity may be of what the run itself carried without reloads in the way. Of the 38 capacities of committed runs
 * for which `no-reload` tells that, 36 are 0.83 to 1.09 of it. The two others, 0.60 and 0.69, are of boots that disagree.
 * By the quiet seconds before the reloads they are up to 1.23, as an emulated guest begins slowly.
 */
const LEAST = 0.8
const MOST = 1.25
/** Fewer quiet seconds have no median worth the name. */
const FEWEST_QUIET = 3

/** What the run carried beside a load that is a share of a capacity. */
export interface Misjudged {
  capacity: number
  /** Connections a second. */
  carried: number
  /** What carried that: `no-reload` under a load of this name; null: all cases, before their first reload. */
  by: 'no-reload' | null
  load: string
}

/**
 * Whether the capacity of which a cell's load is a share was not what kernel and proxy carried in the same run on the same
 * kind of machine, so that `half` was not half.
 *
 * @param run the cells of its run
 * @returns null where it was near enough, or nothing there tells it
 */
export function misjudged(cell: MeasuredCell, run: MeasuredCell[]): Misjudged | null {
  const { capacity } = cell.load
  if (capacity === null) return null
  const beside = run.filter((other) => isLike(cell, other) && finds(other.load, cell.load))
  const still = beside.filter((one) => one.case === 'no-reload' && one.reloads === 0)
  const quiet = boots(cell, beside).flatMap(({ quietThroughput }) => quietThroughput ?? [])
  const carried = boots(cell, still).map(({ throughput }) => throughput)
  const all = carried.length ? carried : quiet.length >= FEWEST_QUIET ? quiet : []
  if (!all.length) return null
  const usual = median(all)
  const share = capacity / usual
  if (share >= LEAST && share <= MOST) return null
  return { capacity, carried: usual, by: carried.length ? 'no-reload' : null, load: beside[0]!.load.name }
}

/** Whether it ran where the other did, and nothing slowed it. */
const isLike = (one: MeasuredCell, other: MeasuredCell) =>
  !other.noisy &&
  one.kernel === other.kernel &&
  one.guest === other.guest &&
  one.accel === other.accel &&
  one.network === other.network &&
  isDeepStrictEqual(one.proxy, other.proxy) &&
  cpuKinds([...one.eachBoot, ...other.eachBoot]).length < 2

/** Whether a load is the one that finds out capacities, as far as its connections go. */
const finds = (load: Load, { exchange, fusedAck, closeWithRst }: Load) =>
  load.loop === 'closed' &&
  load.users === SATURATED_USERS &&
  !load.ab &&
  load.fusedAck === fusedAck &&
  load.closeWithRst === closeWithRst &&
  isDeepStrictEqual(load.exchange, exchange)

/** The boots of some cells that had two CPUs as those of the cell had. */
function boots(cell: MeasuredCell, others: MeasuredCell[]): MeasuredCell['byBoot'] {
  const oneCore = cell.eachBoot.some((boot) => boot.oneCore)
  const isAlike = ({ pins, ...boot }: MeasuredCell['eachBoot'][number]) =>
    (boot.oneCore ?? false) === oneCore && (pins.proxy === '' || pins.proxy !== pins.generator)
  return others.flatMap(({ byBoot, eachBoot }) => byBoot.filter((_, i) => isAlike(eachBoot[i]!)))
}
