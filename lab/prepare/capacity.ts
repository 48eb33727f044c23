import { scratch } from '../../images/cache/cache.ts'
import { bootOf } from '../guest/boot.ts'
import { ownCpus } from '../guest/cpus/pool.ts'
import { GuestFailed, observing } from '../guest/guest.ts'
import { GUESTS } from '../guest/guests.ts'
import { Stolen } from '../guest/stolen.ts'
import { type CarryingBoot, carriedIn, spinIn } from '../measure/capacity.ts'
import { type Cell, fileName, type ProxyFacts, proxyName } from '../model/cell.ts'
import type { Event } from '../model/events.ts'
import { waitsKnown } from '../model/guest.ts'
import type { Trial } from './bootable.ts'

/** A cell without its case: what it carries without reloads is the same for all cases. */
export type Carrier = Omit<Cell, 'name' | 'case' | 'boots' | 'seed'>

/**
 * Measures how many connections a second a kernel and proxy carry without reloads, in a boot of its own, under the load
 * of the cell and during its phase of reloads, in which none is made.
 *
 * @returns with it what shows whether the boot was disturbed, and the lines of the event stream
 *
 * @throws GuestFailed when the guest does not end well
 */
export async function carryOnce(
  carrier: Carrier,
  { note, signal, cpus = ownCpus() }: Pick<Trial, 'note' | 'signal' | 'cpus'>,
): Promise<{ seen: CarryingBoot; lines: string[] }> {
  const { run } = GUESTS[carrier.guest]
  const events: Event[] = []
  const lines: string[] = []
  const cell = { ...carrier, case: { reload: false } as const }
  const { waited, stolen } = await scratch('guest', (folder) =>
    cpus.lend(
      async (pair) => {
        // Which CPUs a machine of Vagrant's has, and of which host, nobody knows here.
        const stolen = waitsKnown(carrier.guest) ? new Stolen(pair) : null
        const observer = observing({
          line: (line) => void lines.push(line),
          event: (event) => {
            events.push(event)
            stolen?.event(event)
          },
        })
        const { waited } = await run(bootOf(cell, pair), folder, observer, signal)
        return { waited, stolen: stolen?.share ?? null }
      },
      note,
      signal,
    ),
  )
  const perSecond = carriedIn(events)
  if (perSecond === null) throw new GuestFailed('the guest did not tell how many connections it carried')
  return { seen: { perSecond, waited, stolen, spinUs: spinIn(events) }, lines }
}

/** How the names of the files with those events begin. */
export const capacityName = (kernel: string, proxy: ProxyFacts) => fileName(`capacity-${kernel}-${proxyName(proxy)}`)

/** The file with the events of one of those boots. */
export const capacityFile = (kernel: string, proxy: ProxyFacts, boot: number) =>
  `${capacityName(kernel, proxy)}-boot-${boot}.jsonl`
