import type { Case } from '../model/case.ts'
import { type Cell, type CellKernel, type CellProxy, fileName, proxyName } from '../model/cell.ts'
import { usage } from '../model/fault.ts'
import type { Load } from '../model/load.ts'
import type { Prepared, ReadyKernel } from '../model/prepared.ts'
import { inRange, rangeText } from '../model/range.ts'
import type { Request } from '../model/request.ts'
import type { Skipped } from '../model/result.ts'
import { loadsOf, saturated } from './loads.ts'

/** What a run will do, and what it will not, and why. */
export interface Plan {
  cells: Cell[]
  skipped: Skipped[]
}

/**
 * Every kernel with every proxy, load and case.
 *
 * @throws a Fault (exit 2) when two cells would have the same name, and so the same folder
 */
export function makePlan(request: Request, prepared: Prepared): Plan {
  const plan: Plan = { cells: [], skipped: [...prepared.skipped] }
  for (const kernel of prepared.kernels)
    for (const proxy of prepared.proxies) {
      const { cells, skipped } = planPair(request, prepared, kernel, proxy)
      plan.cells.push(...cells)
      plan.skipped.push(...skipped)
    }
  requireApart(plan.cells)
  return plan
}

/** The cells of one kernel and proxy. A kernel that did not get through the probes gets a single one. */
function planPair(request: Request, prepared: Prepared, ready: ReadyKernel, proxy: CellProxy): Plan {
  const { kernel, guest, accel, unprobed } = ready
  const { cases, root, proxies } = prepared
  const named = proxies.length > 1 ? proxyName(proxy) : undefined
  const loads = unprobed ? [saturated(request)] : loadsOf(request, capacityOf(prepared, kernel, proxy))
  const plan: Plan = { cells: [], skipped: [] }
  const planned = (theCase: Case, load: Load): Cell => ({
    name: fileName([kernel.name, ...(named ? [named] : []), theCase.name, load.name].join('-')),
    guest,
    accel,
    kernel,
    root,
    proxy,
    case: theCase,
    load,
    boots: unprobed ? 1 : request.boots,
    seed: request.seed,
  })
  const runnable: Case[] = []
  for (const [i, theCase] of cases.entries()) {
    const skip = obstacle(theCase, kernel, proxy.version) ?? (unprobed && i > 0 ? gaveUp(unprobed) : null)
    if (!skip) runnable.push(theCase)
    else plan.skipped.push({ kernel: kernel.name, case: theCase.name, ...(named ? { proxy: named } : {}), ...skip })
  }
  for (const load of loads) plan.cells.push(...runnable.map((theCase) => planned(theCase, load)))
  return plan
}

function capacityOf({ capacities }: Prepared, kernel: CellKernel, proxy: CellProxy): number | null {
  const found = capacities.find((one) => one.kernel === kernel.name && one.proxy === proxyName(proxy))
  return found?.perSecond ?? null
}

/** The name of one kernel may end with the words that the name of a case begins with. */
function requireApart(cells: Cell[]) {
  const described = ({ kernel, case: { name } }: Cell) => `${name} on ${kernel.name}`
  for (const [i, cell] of cells.entries()) {
    const other = cells.slice(0, i).find(({ name }) => name === cell.name)
    if (other)
      throw usage(`${described(other)} and ${described(cell)} would both be saved as ${cell.name}: run them apart`)
  }
}

/** The first case shows what becomes of a kernel whose guest did not get through the probes; the others are skipped. */
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
