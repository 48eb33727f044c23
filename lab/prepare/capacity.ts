import { scratch } from '../../images/cache/cache.ts'
import { bootOf } from '../guest/boot.ts'
import { GuestFailed, observing } from '../guest/guest.ts'
import { GUESTS } from '../guest/guests.ts'
import type { Cell } from '../model/cell.ts'
import type { EventOf } from '../model/events.ts'

/** A cell without its case: what it carries without reloads is the same for all cases. */
export type Carrier = Omit<Cell, 'name' | 'case' | 'boots' | 'seed'>

/**
 * Measures how many connections a second a kernel and proxy carry without reloads, in a boot of its own, under the load
 * of the cell and during its phase of reloads, in which none is made.
 *
 * @returns also the lines of the event stream
 *
 * @throws GuestFailed when the guest does not end well
 */
export async function findCapacity(
  carrier: Carrier,
  signal: AbortSignal,
): Promise<{ perSecond: number; lines: string[] }> {
  const { run } = GUESTS[carrier.guest]
  let phases: EventOf<'phases'> | undefined
  const lines: string[] = []
  const observer = observing({
    line: (line) => void lines.push(line),
    event: (event) => {
      if (event.e === 'phases') phases = event
    },
  })
  const boot = bootOf({ ...carrier, case: { reload: false } })
  await scratch('guest', (folder) => run(boot, folder, observer, signal))
  if (!phases?.reloads.us) throw new GuestFailed('the guest did not tell how many connections it carried')
  return { perSecond: (phases.reloads.answered * 1e6) / phases.reloads.us, lines }
}
