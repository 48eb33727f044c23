import type { LoadedCase } from '../../model/case/case.ts'
import { isFor, versionsFor } from '../../model/case/resolve.ts'
import { inRange } from '../../model/text/range.ts'

// What the whole matrix costs, out of what one boot takes: a sum, and no measurement.

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

/** What is known of a boot. */
export interface BootCost {
  /** Wall seconds from its order to its answer, waiting for CPUs left out. */
  seconds: number
  /** Reloads that it makes. */
  reloads: number
}

/** Boots that a cell needs for so many reloads. */
export const bootsFor = (reloads: number, each: BootCost) => Math.ceil(reloads / each.reloads)

/**
 * Hours that cells take on machines that are alike.
 *
 * @param slots boots that a machine carries at a time
 * @param most boots an hour that can be handed out, whatever the number of machines
 */
export function hoursOn(
  machines: number,
  slots: number,
  cells: number,
  reloads: number,
  each: BootCost,
  most = Number.POSITIVE_INFINITY,
): number {
  const boots = cells * bootsFor(reloads, each)
  return Math.max((Math.ceil(boots / (machines * slots)) * each.seconds) / 3600, boots / most)
}
