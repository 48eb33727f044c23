import type { Options } from '../cli/options.ts'
import type { Case } from '../model/case.ts'
import { type Cell, type CellKernel, type CellProxy, fileName, proxyName } from '../model/cell.ts'
import { usage } from '../model/fault.ts'
import { inRange, rangeText } from '../model/range.ts'
import type { Skipped } from '../model/result.ts'
import type { Subject } from '../prepare/kernels.ts'
import { loadsOf, saturated } from './loads.ts'

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
  proxies: CellProxy[]
  /** Connections a second that a kernel and proxy carry without reloads; null where no load needs it. */
  capacity: (kernel: CellKernel, proxy: CellProxy) => number | null
}

/**
 * Every kernel with every proxy, load and case. A pure function of what was asked for and what there is.
 *
 * @throws a Fault (exit 2) when two cells would be called alike, and share a folder
 */
export function makePlan(options: Options, { kernels, skipped, cases, root, proxies, capacity }: Means): Plan {
  const plan: Plan = { cells: [], skipped: [...skipped] }
  const several = proxies.length > 1
  for (const { kernel, guest, accel, unprobed } of kernels)
    for (const proxy of proxies) {
      const loads = unprobed ? [saturated(options)] : loadsOf(options, capacity(kernel, proxy))
      for (const [i, load] of loads.entries())
        for (const [j, of] of cases.entries()) {
          const skip = obstacle(of, kernel, proxy.version) ?? (unprobed && j > 0 ? gaveUp(unprobed) : null)
          if (!skip)
            plan.cells.push({
              name: fileName([kernel.name, ...(several ? [proxyName(proxy)] : []), of.name, load.name].join('-')),
              guest,
              accel,
              kernel,
              root,
              proxy,
              case: of,
              load,
              boots: unprobed ? 1 : options.boots,
              seed: options.seed,
            })
          // What a kernel cannot do it cannot under any load.
          else if (i === 0)
            plan.skipped.push({
              kernel: kernel.name,
              case: of.name,
              ...(several ? { proxy: proxyName(proxy) } : {}),
              ...skip,
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
    const other = cells.slice(0, i).find(({ name }) => name === cell.name)
    if (other) throw usage(`${said(other)} and ${said(cell)} would both be saved as ${cell.name}: run them apart`)
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
