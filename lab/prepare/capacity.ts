import { scratch } from '../../images/cache/cache.ts'
import { bootOf } from '../guest/boot.ts'
import { ownCpus } from '../guest/cpus/pool.ts'
import { GuestFailed, observing } from '../guest/guest.ts'
import { GUESTS } from '../guest/guests.ts'
import { type Cell, fileName, type ProxyFacts, proxyName } from '../model/cell.ts'
import { allOf, type Event } from '../model/events.ts'
import type { Trial } from './bootable.ts'

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
  { note, signal, cpus = ownCpus() }: Pick<Trial, 'note' | 'signal' | 'cpus'>,
): Promise<{ perSecond: number; lines: string[] }> {
  const { run } = GUESTS[carrier.guest]
  const events: Event[] = []
  const lines: string[] = []
  const observer = observing({
    line: (line) => void lines.push(line),
    event: (event) => void events.push(event),
  })
  const cell = { ...carrier, case: { reload: false } as const }
  await scratch('guest', (folder) =>
    cpus.lend((pair) => run(bootOf(cell, pair), folder, observer, signal), note, signal),
  )
  const perSecond = carriedIn(events)
  if (perSecond === null) throw new GuestFailed('the guest did not tell how many connections it carried')
  return { perSecond, lines }
}

/** Connections that a guest answered a second during its phase of reloads; null where its events do not tell. */
export function carriedIn(events: Event[]): number | null {
  const [phases] = allOf(events, 'phases')
  return phases?.reloads.us ? (phases.reloads.answered * 1e6) / phases.reloads.us : null
}

/** How the names of the files with those events begin. */
export const capacityName = (kernel: string, proxy: ProxyFacts) => fileName(`capacity-${kernel}-${proxyName(proxy)}`)
