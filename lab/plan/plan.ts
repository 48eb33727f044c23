import type { LoadedCase } from '../model/case/case.ts'
import type { Load } from '../model/case/load.ts'
import type { ProxyTraits } from '../model/case/proxy.ts'
import { isFor, resolveCase, versionsFor } from '../model/case/resolve.ts'
import { type Cell, type CellKernel, type CellProxy, fileName, proxyName, type RootParts } from '../model/cell.ts'
import { usage } from '../model/fault.ts'
import type { MeasuredKernel, Prepared } from '../model/prepared.ts'
import type { Request } from '../model/request.ts'
import type { Skipped } from '../model/result.ts'
import { inRange, rangeText } from '../model/text/range.ts'
import { loadsOf, saturated } from './loads.ts'

/** What a run will do, and what it will not, and why. */
export interface Plan {
  cells: Cell[]
  skipped: Skipped[]
}

/**
 * Every kernel with each of its proxies, and every load and case.
 *
 * @param several whether the run has other proxies, so that names must tell them apart; unless said, whether a kernel has
 * @throws a Fault (exit 2) when two cells would have the same name, and so the same folder
 */
export function makePlan(request: Request, prepared: Prepared, several?: boolean): Plan {
  const plan: Plan = { cells: [], skipped: [...prepared.skipped] }
  for (const kernel of prepared.kernels)
    for (const proxy of kernel.proxies) {
      const { cells, skipped } = planPair(request, prepared, kernel, proxy, several ?? kernel.proxies.length > 1)
      plan.cells.push(...cells)
      plan.skipped.push(...skipped)
    }
  requireApart(plan.cells)
  return plan
}

/**
 * The cells of several requests, as of the parts of a run: each once.
 *
 * @param prepared what exists here for each of them
 * @throws a Fault (exit 2) as {@link makePlan} does
 */
export function planAll(requests: Request[], prepared: Prepared[], several?: boolean): Plan {
  const plans = requests.map((request, i) => makePlan(request, prepared[i]!, several))
  const cells = eachOnce(plans.flatMap(({ cells }) => cells))
  requireApart(cells)
  return { cells, skipped: eachOnce(plans.flatMap(({ skipped }) => skipped)) }
}

const eachOnce = <T>(all: T[]): T[] => [...new Map(all.map((one) => [JSON.stringify(one), one])).values()]

/** The cells of one kernel and proxy. A kernel that did not get through the probes gets a single one. */
function planPair(
  request: Request,
  prepared: Prepared,
  ready: MeasuredKernel,
  proxy: CellProxy,
  several: boolean,
): Plan {
  const { kernel, guest, accel, unprobed } = ready
  const { root } = prepared
  const traits = prepared.traits.find(({ name }) => name === proxy.name)!
  const cases = prepared.cases.filter((one) => isFor(one, proxy.name) && isTaken(request, one))
  const named = several ? proxyName(proxy) : undefined
  const loads = unprobed ? [saturated(request)] : loadsOf(request, capacityOf(prepared, kernel, proxy))
  const plan: Plan = { cells: [], skipped: [] }
  const planned = (theCase: LoadedCase, load: Load): Cell => ({
    name: fileName([kernel.name, ...(named ? [named] : []), theCase.name, load.name].join('-')),
    guest,
    accel,
    kernel,
    root: theCase.client?.ab ? root : withoutAb(root),
    proxy,
    case: resolveCase(theCase, traits),
    load: { ...load, ...theCase.client },
    boots: unprobed ? 1 : request.boots,
    ...(request.untilSure ? { untilSure: true } : {}),
    seed: request.seed,
  })
  const runnable: LoadedCase[] = []
  for (const [i, theCase] of cases.entries()) {
    const unfits = loads.map((load) => unfit(theCase, load))
    const skip =
      obstacle(theCase, kernel, { ...traits, ...proxy }) ??
      (unfits.every((one) => one !== null) ? unfits[0]! : null) ??
      (unprobed && i > 0 ? gaveUp(unprobed) : null)
    if (!skip) runnable.push(theCase)
    else plan.skipped.push({ kernel: kernel.name, case: theCase.name, ...(named ? { proxy: named } : {}), ...skip })
  }
  for (const load of loads) {
    const takes = runnable.filter((theCase) => unfit(theCase, load) === null)
    plan.cells.push(...takes.map((theCase) => planned(theCase, load)))
  }
  return plan
}

const isTaken = ({ only }: Request, { name }: LoadedCase) => only?.cases?.includes(name) ?? true

/** No other cell depends on what ab is. */
const withoutAb = ({ ab: _, ...root }: RootParts): RootParts => root

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

/** The option for loads whose connections carry something else than one request. */
const OPTION = { request: null, banner: '--banner', 'keep-alive': '--keep-alive MS' } as const

/** Why a case is not measured under a load: for what its connections carry, or as ab makes its load, which knows no rate. Null when it is. */
export function unfit({ needs, client }: LoadedCase, { exchange: { kind }, loop }: Load): Obstacle | null {
  const needed = client?.ab ? 'request' : needs?.exchange
  if (needed && needed !== kind)
    return { reason: OPTION[needed] ? `needs ${OPTION[needed]}` : `needs a load without ${OPTION[kind]}` }
  return client?.ab && loop === 'open' ? { reason: 'needs a closed loop: --users 10' } : null
}

/** What keeps a case from running. */
export type Obstacle = Pick<Skipped, 'reason' | 'feature'>

/**
 * Why a case cannot run on a kernel with a proxy that it is for, by versions and by what the guest found out; null when it
 * can, or may. A version that is not known, null, is no obstacle.
 */
export function obstacle(
  tested: LoadedCase,
  { series, features }: { series: string | null; features: CellKernel['features'] },
  { name, title, version }: Pick<ProxyTraits, 'name' | 'title'> & { version: string | null },
): Obstacle | null {
  const { needs = {} } = tested
  const versions = versionsFor(tested, name)
  if (needs.linux && series !== null && !inRange(series, needs.linux))
    return { reason: `needs ${rangeText('Linux', needs.linux)}` }
  if (versions && version !== null && !inRange(version, versions))
    return { reason: `needs ${rangeText(title, versions)}, not ${version}` }
  const feature = needs.features?.find((feature) => features?.[feature]?.has === false)
  return feature ? { feature, reason: `this kernel has no ${feature}: ${features![feature]!.said}` } : null
}
