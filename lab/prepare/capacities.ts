import { proxyNamed } from '../../images/proxies/proxies.ts'
import type { Options } from '../cli/options.ts'
import { GuestFailed } from '../guest/guest.ts'
import type { RootParts } from '../model/cell.ts'
import { type CellProxy, fileName, proxyName } from '../model/cell.ts'
import type { Note } from '../model/note.ts'
import { CAPACITY_SECONDS, saturated } from '../plan/loads.ts'
import type { Means as Plannable } from '../plan/plan.ts'
import { findCapacity } from './capacity.ts'
import type { Subject } from './kernels.ts'

/** Takes a file for the run's folder. */
export type Keep = (name: string, text: string) => void

interface Means {
  root: RootParts
  note: Note
  keep: Keep
  signal: AbortSignal
}

/**
 * Measures what each kernel carries with each proxy, in a boot each, whose events are kept with the run. Where that boot
 * fails, a note says why, and the load `half` is not run.
 */
export async function findCapacities(
  options: Options,
  kernels: Subject[],
  proxies: CellProxy[],
  { root, note, keep, signal }: Means,
): Promise<Plannable['capacity']> {
  const load = { ...saturated(options), duration: CAPACITY_SECONDS }
  const found = new Map<string, number>()
  const key = (kernel: { name: string }, proxy: CellProxy) => `${kernel.name} ${proxyName(proxy)}`
  for (const { kernel, guest, accel, unprobed } of kernels)
    for (const proxy of unprobed === null ? proxies : []) {
      try {
        const { perSecond, lines } = await findCapacity({ guest, accel, kernel, root, proxy, load }, signal)
        found.set(key(kernel, proxy), perSecond)
        const file = fileName(`capacity-${kernel.name}-${proxyName(proxy)}`)
        keep(`${file}.jsonl`, lines.map((line) => `${line}\n`).join(''))
        note(
          `${kernel.name} carries ${Math.round(perSecond)} connections a second with ${proxyNamed(proxy.name).title} ${proxy.version} and maxaccept ${proxy.maxaccept}: half of it is a load`,
        )
      } catch (error) {
        if (signal.aborted || !(error instanceof GuestFailed)) throw error
        note(`what ${kernel.name} carries could not be found out, so that half of it is no load: ${error.message}`)
      }
    }
  return (kernel, proxy) => found.get(key(kernel, proxy)) ?? null
}
