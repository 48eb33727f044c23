import type { Case } from '../../cases/case.ts'
import { inRange, rangeText } from '../../cases/range.ts'
import { usage } from '../../images/fault.ts'
import type { Load, Skipped } from '../measure/result.ts'
import { type Cell, type CellKernel, cellName } from './cell.ts'
import type { Subject } from './kernels.ts'
import type { Options } from './options.ts'

/** What a run will do, and what it will not, and why. */
export interface Plan {
  cells: Cell[]
  skipped: Skipped[]
}

/** What a run measures with. */
export interface Means {
  kernels: Subject[]
  /** Kernels that could not be had. */
  skipped: Skipped[]
  cases: Case[]
  root: Cell['root']
  haproxy: Cell['haproxy']
}

/** The load that the options ask for. */
export const loadOf = (options: Options): Load => ({
  loop: options.rate === null ? 'closed' : 'open',
  users: options.users,
  rate: options.rate,
  duration: options.duration,
  interval: options.interval,
  maxaccept: options.maxaccept,
  fusedAck: options['fused-ack'],
  closeWithRst: options['close-with-rst'],
  slowMs: options.slow,
})

/**
 * Every kernel with every case. A pure function of what was asked for and what there is.
 *
 * @throws a Fault (exit 2) when two cells would be called alike, and share a folder
 */
export function makePlan(options: Options, { kernels, skipped, cases, root, haproxy }: Means): Plan {
  const plan: Plan = { cells: [], skipped: [...skipped] }
  for (const { kernel, accel, unprobed } of kernels) {
    for (const [i, of] of cases.entries()) {
      const skip = obstacle(of, kernel, haproxy.version) ?? (unprobed && i > 0 ? gaveUp(unprobed) : null)
      if (skip) plan.skipped.push({ kernel: kernel.name, case: of.name, ...skip })
      else
        plan.cells.push({
          guest: kernel.image ? 'qemu' : 'host',
          accel,
          kernel,
          root,
          haproxy,
          case: of,
          load: loadOf(options),
          seed: options.seed,
        })
    }
  }
  requireApart(plan.cells)
  return plan
}

/** A kernel may end in words that a case begins with. */
function requireApart(cells: Cell[]) {
  const said = ({ kernel, case: of }: Cell) => `${of.name} on ${kernel.name}`
  for (const [i, cell] of cells.entries()) {
    const other = cells.slice(0, i).find((before) => cellName(before) === cellName(cell))
    if (other) throw usage(`${said(other)} and ${said(cell)} would both be saved as ${cellName(cell)}: run them apart`)
  }
}

/** Of a kernel whose guest did not get through the probes, the first case shows what becomes of it; the rest is spared. */
const gaveUp = (reason: string) => ({ reason: `this kernel did not get through the probes: ${reason}` })

/** What keeps a case from running. */
export type Obstacle = Pick<Skipped, 'reason' | 'feature'>

/** Why a case cannot run on a kernel, by versions and by what its guest found out; null when it can, or may. */
export function obstacle(
  { needs = {} }: Case,
  { series, features }: Pick<CellKernel, 'series' | 'features'>,
  haproxy: string,
): Obstacle | null {
  if (needs.linux && !inRange(series, needs.linux)) return { reason: `needs ${rangeText('Linux', needs.linux)}` }
  if (needs.haproxy && !inRange(haproxy, needs.haproxy))
    return { reason: `needs ${rangeText('HAProxy', needs.haproxy)}, not ${haproxy}` }
  const feature = needs.features?.find((feature) => features?.[feature].has === false)
  return feature ? { feature, reason: `this kernel has no ${feature}: ${features![feature].said}` } : null
}
