import { mean } from 'simple-statistics'
import type { LoadedCase } from '../../model/case/case.ts'
import { isFor, versionsFor } from '../../model/case/resolve.ts'
import { inRange } from '../../model/text/range.ts'

// What the whole matrix costs, out of what some of its boots take: a sum, and no measurement.

/** A proxy of the matrix. */
export interface MatrixProxy {
  name: string
  /** 2.6, or a version below it. */
  version: string
}

/** Loads that each case is measured under where nothing else is asked for: saturated and half. */
const LOADS = 2

/** Cells of all cases on these kernels and proxies, by what cases say that they need. What kernels lack beyond that is not known here. */
export const cellsOf = (cases: LoadedCase[], kernels: string[], proxies: MatrixProxy[]): number =>
  LOADS *
  kernels.flatMap((kernel) =>
    proxies.flatMap(({ name, version }) =>
      cases.filter(
        (one) => isFor(one, name) && inRange(version, versionsFor(one, name)) && inRange(kernel, one.needs?.linux),
      ),
    ),
  ).length

/** A boot that stands for others of its proxy and load. */
export interface Sampled {
  proxy: string
  load: string
  /** Wall seconds from its order to its answer. */
  seconds: number
  /** Reloads that it makes. */
  reloads: number
}

export interface MatrixCost {
  boots: number
  /** Wall seconds of all boots, one at a time. */
  seconds: number
}

/** Boots that a cell needs for so many reloads. */
export const bootsFor = (reloads: number, each: Pick<Sampled, 'reloads'>) => Math.ceil(reloads / each.reloads)

/**
 * What all cells cost: each proxy's under each load cost what the sampled boots of that proxy and load do on average.
 *
 * @param proxies how many cells each has, half of them under each load
 * @returns null where a proxy has no boot under one of the loads
 */
export function costOf(
  proxies: { name: string; cells: number }[],
  sample: Sampled[],
  reloads: number,
): MatrixCost | null {
  const cost = { boots: 0, seconds: 0 }
  for (const load of new Set(sample.map((one) => one.load)))
    for (const { name, cells } of proxies) {
      const alike = sample.filter((one) => one.load === load && one.proxy === name && one.reloads > 0)
      if (!alike.length) return null
      const boots = alike.map((one) => bootsFor(reloads, one))
      cost.boots += (cells / LOADS) * mean(boots)
      cost.seconds += (cells / LOADS) * mean(alike.map((one, i) => boots[i]! * one.seconds))
    }
  return cost
}

/**
 * The least hours that it takes on machines that are alike and carry one boot at a time, divided evenly.
 *
 * @param most boots an hour that can be handed out to so many
 */
export const hoursOn = (machines: number, { boots, seconds }: MatrixCost, most = Number.POSITIVE_INFINITY): number =>
  Math.max(seconds / machines / 3600, boots / most)
