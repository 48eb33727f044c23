import type { Options } from '../cli/options.ts'
import type { LoadedCase } from '../model/case.ts'
import { type Cell, type CellKernel, type CellProxy, fileName, proxyName } from '../model/cell.ts'
import { usage } from '../model/fault.ts'
import type { ProxyTraits } from '../model/proxy.ts'
import { inRange, rangeText } from '../model/range.ts'
import { isFor, resolveCase, versionsFor } from '../model/resolve.ts'
import type { Skipped } from '../model/result.ts'
import { either } from '../model/words.ts'
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
  cases: LoadedCase[]
  root: Cell['root']
  proxies: CellProxy[]
  /** What those proxies are, whatever their version. */
  traits: readonly ProxyTraits[]
  /** Connections a second that a kernel and proxy carry without reloads; null where no load needs it. */
  capacity: (kernel: CellKernel, proxy: CellProxy) => number | null
}

/**
 * Every kernel with every proxy, load and case. A pure function of what was asked for and what there is.
 *
 * @throws a Fault (exit 2) when two cells would be called alike, and share a folder
 */
export function makePlan(options: Options, { kernels, skipped, cases, root, proxies, traits, capacity }: Means): Plan {
  const plan: Plan = { cells: [], skipped: [...skipped] }
  const several = proxies.length > 1
  const orphans = cases.filter((one) => !proxies.some(({ name }) => isFor(one, name)))
  for (const { kernel, guest, accel, unprobed } of kernels) {
    const skip = (name: string, why: Obstacle, proxy?: CellProxy) =>
      plan.skipped.push({
        kernel: kernel.name,
        case: name,
        ...(several && proxy ? { proxy: proxyName(proxy) } : {}),
        ...why,
      })
    for (const { name, on = {} } of orphans) skip(name, { reason: forOthers(Object.keys(on), traits) })
    for (const proxy of proxies) {
      const its = traits.find(({ name }) => name === proxy.name)!
      const fitting = cases.filter((one) => isFor(one, proxy.name))
      const loads = unprobed ? [saturated(options)] : loadsOf(options, capacity(kernel, proxy))
      for (const [i, load] of loads.entries())
        for (const [j, one] of fitting.entries()) {
          const why = obstacle(one, kernel, { ...its, ...proxy }) ?? (unprobed && j > 0 ? gaveUp(unprobed) : null)
          if (!why)
            plan.cells.push({
              name: fileName([kernel.name, ...(several ? [proxyName(proxy)] : []), one.name, load.name].join('-')),
              guest,
              accel,
              kernel,
              root,
              proxy,
              case: resolveCase(one, its),
              load,
              boots: unprobed ? 1 : options.boots,
              seed: options.seed,
            })
          // What a kernel cannot do it cannot under any load.
          else if (i === 0) skip(one.name, why, proxy)
        }
    }
  }
  requireApart(plan.cells)
  return plan
}

/** Why a case runs with no proxy of the run. */
const forOthers = (names: string[], traits: readonly ProxyTraits[]) =>
  `is for ${either(names.map((name) => traits.find((one) => one.name === name)?.title ?? name))}, which this run does not have`

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

/** Why a case cannot run on a kernel with a proxy that it is for, by versions and by what the guest found out; null when it can, or may. */
export function obstacle(
  tested: LoadedCase,
  { series, features }: Pick<CellKernel, 'series' | 'features'>,
  { name, title, version }: Pick<ProxyTraits, 'name' | 'title'> & { version: string },
): Obstacle | null {
  const { needs = {} } = tested
  const versions = versionsFor(tested, name)
  if (needs.linux && !inRange(series, needs.linux)) return { reason: `needs ${rangeText('Linux', needs.linux)}` }
  if (versions && !inRange(version, versions)) return { reason: `needs ${rangeText(title, versions)}, not ${version}` }
  const feature = needs.features?.find((feature) => features?.[feature].has === false)
  return feature ? { feature, reason: `this kernel has no ${feature}: ${features![feature].said}` } : null
}
