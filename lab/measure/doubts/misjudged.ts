import { isDeepStrictEqual } from 'node:util'
import { max, min } from 'simple-statistics'
import { type Load, SATURATED_USERS } from '../../model/case/load.ts'
import { cpuKinds, isOneMachine, type Machine } from '../../model/result/machine.ts'
import type { MeasuredCell } from '../../model/result.ts'

/**
 * What a capacity may be of what a boot of the run carried without reloads in the way. By medians of boots: of the 38
 * capacities of committed runs for which `no-reload` tells that, 36 are 0.83 to 1.09 of it. The two others, 0.60 and 0.69,
 * are of boots that disagree. By the quiet seconds before the reloads they are up to 1.23, as an emulated guest begins slowly.
 */
const LEAST = 0.8
const MOST = 1.25
/** Fewer quiet seconds have no median worth the name. */
const FEWEST_QUIET = 3

/** What boots of the run carried beside a load that is a share of a capacity. */
export interface Carried {
  capacity: number
  /** Connections a second, of the slowest and the fastest boot. */
  least: number
  most: number
  boots: number
  /** What carried that: `no-reload` under a load of this name; null: all cases, before their first reload. */
  by: 'no-reload' | null
  load: string
}

/**
 * What the run itself tells of a capacity. `is`: `near` what was carried; `misjudged`, by all boots that tell; `uncertain`,
 * where it is by some of them and not by others; `unchecked`: none tells it, or (`elsewhere`) only such as other machines
 * carried out.
 */
export type Judged =
  | { is: 'near' }
  | ({ is: 'misjudged' | 'uncertain' } & Carried)
  | { is: 'unchecked'; elsewhere: boolean }

/**
 * Whether the capacity of which a cell's load is a share was what kernel and proxy carried in the same run on the machine
 * that found it out, so that `half` was half there. What other machines carried tells nothing of it, though they be of one
 * kind.
 *
 * @param run the cells of its run
 * @param by the machine that found it out; undefined where an older run does not tell: then all of its kind count
 * @returns null of a load that is no share of a capacity
 */
export function judged(cell: MeasuredCell, run: MeasuredCell[], by: Machine | undefined): Judged | null {
  const { capacity } = cell.load
  if (capacity === null) return null
  const beside = run.filter((other) => isLike(cell, other) && finds(other.load, cell.load))
  const there = yardstick(cell, beside, ({ machine }) => isThere(machine, by))
  if (!there) return { is: 'unchecked', elsewhere: yardstick(cell, beside, () => true) !== null }
  const [least, most] = [min(there.carried), max(there.carried)]
  const near = there.carried.filter((one) => capacity >= LEAST * one && capacity <= MOST * one)
  if (near.length === there.carried.length) return { is: 'near' }
  const sure = capacity < LEAST * least || capacity > MOST * most
  const { length } = there.carried
  const carried = { capacity, least, most, boots: length, by: there.by, load: beside[0]!.load.name }
  return { is: sure ? 'misjudged' : 'uncertain', ...carried }
}

/** Whether a boot was carried out by a machine, as far as both are known. */
export const isThere = (machine: Machine | undefined, by: Machine | undefined) =>
  machine === undefined || by === undefined || isOneMachine(machine, by)

type EachBoot = MeasuredCell['eachBoot'][number]

/** What boots carried, of those that count here; null where too few tell. */
function yardstick(cell: MeasuredCell, beside: MeasuredCell[], counts: (boot: EachBoot) => boolean) {
  const still = beside.filter((one) => one.case === 'no-reload' && one.reloads === 0)
  const carried = boots(cell, still, counts).map(({ throughput }) => throughput)
  if (carried.length) return { carried, by: 'no-reload' as const }
  // Where nothing at all comes through, the case stops it.
  const quiet = boots(cell, beside, counts).flatMap(({ quietThroughput }) => quietThroughput || [])
  return quiet.length >= FEWEST_QUIET ? { carried: quiet, by: null } : null
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

/** The boots of some cells that count, and had two CPUs as those of the cell had. */
function boots(
  cell: MeasuredCell,
  others: MeasuredCell[],
  counts: (boot: EachBoot) => boolean,
): MeasuredCell['byBoot'] {
  const oneCore = cell.eachBoot.some((boot) => boot.oneCore)
  const isAlike = ({ pins, ...boot }: EachBoot) =>
    (boot.oneCore ?? false) === oneCore && (pins.proxy === '' || pins.proxy !== pins.generator)
  return others.flatMap(({ byBoot, eachBoot }) =>
    byBoot.filter((_, i) => isAlike(eachBoot[i]!) && counts(eachBoot[i]!)),
  )
}
