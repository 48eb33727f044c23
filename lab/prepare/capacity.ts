import { bootOf } from '../guest/files.ts'
import { type Cpus, GuestFailed, observing, type RunGuest } from '../guest/guest.ts'
import { runHost } from '../guest/host/host.ts'
import { runQemu } from '../guest/qemu/qemu.ts'
import { inScratch } from '../guest/scratch.ts'
import type { Cell } from '../model/cell.ts'
import type { EventOf } from '../model/events.ts'

/** A cell without its case: what is found out is the same for all. */
export type Carrier = Omit<Cell, 'name' | 'case' | 'boots' | 'seed'>

/**
 * Connections a second that a kernel and proxy carry without reloads, found out in a boot of its own: under the load of
 * the cell, in its whole phase of reloads, of which there are none; and the lines of the event stream that say so.
 *
 * @throws GuestFailed when the guest does not end well
 */
export async function findCapacity(
  carrier: Carrier,
  cpus: Cpus,
  signal: AbortSignal,
): Promise<{ perSecond: number; lines: string[] }> {
  const run: RunGuest = carrier.guest === 'host' ? runHost : runQemu
  let phases: EventOf<'phases'> | undefined
  const lines: string[] = []
  const observer = observing({
    line: (line) => void lines.push(line),
    event: (event) => {
      if (event.e === 'phases') phases = event
    },
  })
  await inScratch((folder) => run(bootOf({ ...carrier, case: { reload: false } }, cpus), folder, observer, signal))
  if (!phases?.reloads.us) throw new GuestFailed('the guest did not tell how many connections it carried')
  return { perSecond: (phases.reloads.answered * 1e6) / phases.reloads.us, lines }
}
