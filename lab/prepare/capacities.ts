import { proxyNamed } from '../../images/proxies/proxies.ts'
import { GuestFailed } from '../guest/guest.ts'
import { proxyName } from '../model/cell.ts'
import type { Capacity, MeasuredKernel } from '../model/prepared.ts'
import type { Request } from '../model/request.ts'
import { whole } from '../model/text/amounts.ts'
import { CAPACITY_BOOTS, capacitySeconds, saturated } from '../plan/loads.ts'
import type { Trial } from './bootable.ts'
import { capacityName, findCapacity } from './capacity.ts'

/** Takes a file for the run's folder. */
export type Keep = (name: string, text: string) => void

/**
 * Measures what each kernel carries with each of its proxies: what the slowest of a few boots does, whose events are kept
 * with the run. Where a boot fails, a note says why, and loads that are a share of it are not run.
 *
 * @param known what was found out before, which is not measured again
 * @returns what was found out now
 */
export async function findCapacities(
  request: Request,
  kernels: MeasuredKernel[],
  { root, note, signal }: Trial,
  keep: Keep,
  known: Capacity[] = [],
): Promise<Capacity[]> {
  const load = { ...saturated(request), duration: capacitySeconds(request) }
  const found: Capacity[] = []
  for (const { kernel, guest, accel, unprobed, proxies } of kernels)
    for (const proxy of unprobed === null ? proxies : []) {
      if (known.some((one) => one.kernel === kernel.name && one.proxy === proxyName(proxy))) continue
      try {
        const carried: number[] = []
        for (let boot = 1; boot <= CAPACITY_BOOTS; boot++) {
          const { perSecond, lines } = await findCapacity({ guest, accel, kernel, root, proxy, load }, signal)
          carried.push(perSecond)
          keep(`${capacityName(kernel.name, proxy)}-boot-${boot}.jsonl`, lines.map((line) => `${line}\n`).join(''))
        }
        const perSecond = Math.min(...carried)
        found.push({ kernel: kernel.name, proxy: proxyName(proxy), perSecond })
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
