import type { LoadedCase } from '../model/case/case.ts'
import type { Load } from '../model/case/load.ts'
import { isFor } from '../model/case/resolve.ts'
import type { Request } from '../model/request.ts'
import { CAPACITY_BOOTS } from '../model/result/capacity.ts'
import { capacitySeconds, loadsOf } from './loads.ts'
import { type Obstacle, obstacle, unfit } from './plan.ts'

/** A request, and what it comes to as far as the command line alone tells. Any machine finds the same. */
export interface Foreseen {
  request: Request
  /** The experiment of which it is a row; null: the command line names cases and loads itself. */
  experiment: string | null
  /** Those that it asks for, and what they are compared with. */
  cases: LoadedCase[]
  kernels: ForeseenKernel[]
}

export interface ForeseenKernel {
  /** As `--kernel` names it. */
  spec: string
  /** Null where only the machine knows: of the running kernel, and of a path. */
  series: string | null
  proxies: ForeseenProxy[]
}

export interface ForeseenProxy {
  /** As `--proxy` names it; null: none was asked for, and the kernel has that of its time. */
  spec: string | null
  name: string
  title: string
  /** Its series; null where only its program knows. */
  version: string | null
  /** What it is, however it was named, where the first of several can be had; and the maxaccept that it has by itself. */
  likely: { proxy: string; maxaccept: number | null }
}

/** Whether a run may have several proxies, so that the names of its cells tell them apart. */
export const hasSeveralProxies = (all: Foreseen[]): boolean =>
  new Set(
    all.flatMap(({ request, kernels }) =>
      kernels.flatMap(({ proxies }) =>
        proxies.flatMap(({ spec }) => (request.maxaccepts ?? [null]).map((most) => JSON.stringify([spec, most]))),
      ),
    ),
  ).size > 1

/** A case under a load on a kernel with a proxy: a cell, if it turns out that it can be run. */
export interface ForeseenCell {
  case: LoadedCase
  load: Load
  proxy: ForeseenProxy
  /** As it was asked for; null: the proxy's own. */
  maxaccept: number | null
  boots: number
  /** Why it cannot be run, where its versions and its load already tell. */
  obstacle: Obstacle | null
  /** How long its boots will take; 0 where it cannot be run. */
  seconds: number
}

/** What a boot takes beside its reloads: to start, to warm up, to wait for the last connections. An estimate. */
export const BOOT_SECONDS = 4
/** Of a run until sure most cells are decided after one boot, and few take many. An estimate. */
const BOOTS_UNTIL_SURE = 2

const bootsOf = ({ untilSure, boots }: Request) => (untilSure ? Math.min(BOOTS_UNTIL_SURE, boots) : boots)

/** A cell that boots so often, so long. */
export function lasting(cell: Omit<ForeseenCell, 'seconds'>): ForeseenCell {
  return { ...cell, seconds: cell.obstacle ? 0 : cell.boots * (cell.load.duration + BOOT_SECONDS) }
}

/** All cells that a request may come to on a kernel, which is told as `--kernel` names it. What the kernel turns out to lack is not foreseen. */
export function foreseenCells({ request, cases, kernels }: Foreseen, spec: string): ForeseenCell[] {
  const pairs = kernels
    .filter((kernel) => kernel.spec === spec)
    .flatMap((kernel) => kernel.proxies.map((proxy) => ({ kernel, proxy })))
  return pairs.flatMap(({ kernel, proxy }) =>
    (request.maxaccepts ?? [null]).flatMap((maxaccept) =>
      loadsOf(request, 1).flatMap((load) =>
        cases
          .filter((one) => isFor(one, proxy.name))
          .map((one) => {
            const kept = obstacleTo(one, load, { series: kernel.series, features: null }, proxy)
            return lasting({ case: one, load, proxy, maxaccept, boots: bootsOf(request), obstacle: kept })
          }),
      ),
    ),
  )
}

/** Why a case is not measured under a load, by what is known of kernel and proxy; null when it is, or may be. */
export const obstacleTo = (
  theCase: LoadedCase,
  load: Load,
  kernel: Parameters<typeof obstacle>[1],
  proxy: ForeseenProxy,
): Obstacle | null => obstacle(theCase, kernel, proxy) ?? unfit(theCase, load)

/** How long a boot takes that finds out what a kernel and a proxy carry, where a load is a share of that. */
export const capacityBootSeconds = (request: Pick<Request, 'untilSure'>) => capacitySeconds(request) + BOOT_SECONDS

/** How long it takes to find it out. */
export const capacityCost = (request: Request) => CAPACITY_BOOTS * capacityBootSeconds(request)

/** How long it takes to fetch, unpack and try a kernel, whatever is measured on it. An estimate. */
export const KERNEL_SECONDS = 30
