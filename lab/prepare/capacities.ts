import { proxyNamed } from '../../images/proxies/proxies.ts'
import { GuestFailed } from '../guest/guest.ts'
import { thisMachine } from '../guest/machine.ts'
import { located } from '../guest/parts.ts'
import type { Load } from '../model/case/load.ts'
import { proxyName, type RootParts } from '../model/cell.ts'
import type { Capacity, CapacityKernel } from '../model/prepared.ts'
import { whole } from '../model/text/amounts.ts'
import { CAPACITY_BOOTS } from '../plan/loads.ts'
import type { Trial } from './bootable.ts'
import { capacityName, findCapacity } from './capacity.ts'

/** Takes a file for the run's folder. */
export type Keep = (name: string, text: string) => void

/**
 * Measures what each kernel carries with each of its proxies: what the slowest of a few boots does, whose events are kept
 * with the run. Where a boot fails, a note says why, and loads that are a share of it are not run.
 *
 * @param load that finds it out, as lab/plan/loads.ts has it
 * @param known what was found out before, which is not measured again
 * @returns what was found out now
 */
export async function findCapacities(
  load: Load,
  kernels: CapacityKernel[],
  { root, ...trial }: Trial,
  keep: Keep,
  known: Capacity[] = [],
): Promise<Capacity[]> {
  const { note, signal } = trial
  const found: Capacity[] = []
  for (const { kernel, guest, accel, unprobed, proxies } of kernels)
    for (const proxy of unprobed === null ? proxies : []) {
      if (known.some((one) => one.kernel === kernel.name && one.proxy === proxyName(proxy))) continue
      try {
        const carried: number[] = []
        for (let boot = 1; boot <= CAPACITY_BOOTS; boot++) {
          const { perSecond, lines } = await findCapacity({ guest, accel, kernel, root, proxy, load }, trial)
          carried.push(perSecond)
          keep(`${capacityName(kernel.name, proxy)}-boot-${boot}.jsonl`, lines.map((line) => `${line}\n`).join(''))
        }
        const perSecond = Math.min(...carried)
        found.push({ kernel: kernel.name, proxy: proxyName(proxy), perSecond, load, machine: thisMachine(false) })
        note(
          `${kernel.name} carries ${carried.map((perSecond) => whole(perSecond)).join(' and ')} connections a second in ${CAPACITY_BOOTS} boots with ${proxyNamed(proxy.name).title} ${proxy.version} and maxaccept ${proxy.maxaccept}: the load "half" and other shares are of the lesser`,
        )
      } catch (error) {
        if (signal.aborted || !(error instanceof GuestFailed)) throw error
        note(
          `the load "half" and other shares are left out on ${kernel.name}, for what it carries could not be found out: ${error.message}`,
        )
      }
    }
  return found
}

/** The same of one kernel, its proxies and a root that are given by the names of their parts. */
export async function findCapacitiesOf(
  load: Load,
  kernel: CapacityKernel,
  root: RootParts,
  trial: Omit<Trial, 'root'>,
  keep: Keep,
): Promise<Capacity[]> {
  const proxies = await Promise.all(kernel.proxies.map((proxy) => located({ proxy })))
  const here = { ...(await located(kernel)), proxies: proxies.map(({ proxy }) => proxy) }
  return findCapacities(load, [here], { ...trial, ...(await located({ root })) }, keep)
}
