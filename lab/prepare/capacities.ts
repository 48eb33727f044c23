import { proxyNamed } from '../../images/proxies/proxies.ts'
import { GuestFailed } from '../guest/guest.ts'
import { thisMachine } from '../guest/machine.ts'
import { located } from '../guest/parts.ts'
import { type Found, untilSettled } from '../measure/capacity.ts'
import type { Load } from '../model/case/load.ts'
import { proxyName, type RootParts } from '../model/cell.ts'
import type { CapacityKernel } from '../model/prepared.ts'
import type { Capacity } from '../model/result/capacity.ts'
import { counted, list, whole } from '../model/text/amounts.ts'
import type { Trial } from './bootable.ts'
import { capacityFile, carryOnce } from './capacity.ts'

/** Takes a file for the run's folder. */
export type Keep = (name: string, text: string) => void

/**
 * Measures what each kernel carries with each of its proxies: what the slower of two boots does that agree and were not
 * disturbed. The events of all boots are kept with the run. Where a boot fails, a note says why, and loads that are a
 * share of it are not run.
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
        const carrier = { guest, accel, kernel, root, proxy, load }
        const carried = await untilSettled(guest, async (boot) => {
          const { seen, lines } = await carryOnce(carrier, trial)
          keep(capacityFile(kernel.name, proxy, boot), lines.map((line) => `${line}\n`).join(''))
          return seen
        })
        found.push({ kernel: kernel.name, proxy: proxyName(proxy), ...carried, load, machine: thisMachine(false) })
        note(
          carriedText(
            `${kernel.name} with ${proxyNamed(proxy.name).title} ${proxy.version} and maxaccept ${proxy.maxaccept}`,
            carried,
          ),
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

/**
 * What boots carry, of which the load `half` is, and which of them do not count and why.
 *
 * @param who kernel and proxy
 */
export function carriedText(who: string, { boots, unsettled }: Found): string {
  const counting = boots.filter(({ leftOut }) => leftOut === null).map(({ perSecond }) => whole(perSecond))
  const out = boots.flatMap(({ perSecond, leftOut }, i) =>
    leftOut === null ? [] : [`boot ${i + 1} with ${whole(perSecond)} (${leftOut})`],
  )
  const of = out.length ? `${counting.length} of ${counted(boots.length, 'boot')}` : counted(boots.length, 'boot')
  return [
    `${who} carries ${list(counting)} connections a second in ${of}: the load "half" and other shares are of ${counting.length > 1 ? 'the lesser' : 'that'}`,
    ...(out.length ? [`left out: ${list(out)}`] : []),
    ...(unsettled === null ? [] : [`uncertain: ${unsettled}`]),
  ].join('; ')
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
