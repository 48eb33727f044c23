import { median } from 'simple-statistics'
import type { Guest } from '../model/cell.ts'
import { allOf, type Event } from '../model/events.ts'
import { CAPACITY_BOOTS, type Capacity, type CapacityBoot } from '../model/result/capacity.ts'
import { slowedBy } from './doubts/noise.ts'

/**
 * How much faster than another a boot may be that agrees with it: 15 %. Of the 45 pairs of boots that found out capacities
 * of committed runs 39 are within that. Of the six others two gave a capacity of 60 and 69 % of what `no-reload` carried
 * afterwards; the 39 gave 89 % and more, wherever that ran.
 */
const MOST_APART = 1.15
/**
 * Boots at most. Of those of committed runs 7 in 90 are noisy, or slower than their twin by more than that. So fewer than
 * two are left of three boots once in sixty times, of four once in some five hundred. A boot takes some five seconds.
 */
const MOST = 4

/** What is known of a boot that finds out what is carried, before it is held against others. */
export type CarryingBoot = Omit<CapacityBoot, 'leftOut'>

/** What some boots have found out, see lab/model/result/capacity.ts. */
export type Found = Required<Pick<Capacity, 'perSecond' | 'boots' | 'unsettled'>>

/** Connections that a guest answered a second during its phase of reloads; null where its events do not tell. */
export function carriedIn(events: Event[]): number | null {
  const [phases] = allOf(events, 'phases')
  return phases?.reloads.us ? (phases.reloads.answered * 1e6) / phases.reloads.us : null
}

/** Microseconds that a fixed piece of work took in a guest, the median of one a second; null: it did not tell. */
export function spinIn(events: Event[]): number | null {
  const spins = allOf(events, 'tick').flatMap(({ spinUs }) => spinUs ?? [])
  return spins.length ? median(spins) : null
}

/**
 * What boots of one kernel, proxy and load carry: the lesser of the two fastest that agree, of those that nothing else
 * slowed. A boot that others disturb is slower and never faster; half of a lucky one can be all that the proxy of another
 * carries beside its reloads, and a lucky one is alone. Where no two agree it is the second fastest, and `unsettled` says so.
 *
 * That nothing else slowed a boot is not known, only that nothing shows it: see `slowedBy` (lab/measure/doubts/noise.ts).
 * Two boots that were slowed alike agree, and their capacity is too low.
 *
 * @param boots in order, at least one
 */
export function capacityOf(guest: Guest, boots: CarryingBoot[]): Found {
  const spins = boots.flatMap(({ spinUs }) => spinUs ?? [])
  const noises = boots.map((boot) => slowedBy({ guest, ...boot }, spins, 'of these boots').join(', '))
  const quiet = boots.filter((_, i) => !noises[i])
  const rates = (quiet.length ? quiet : boots).map(({ perSecond }) => perSecond).toSorted((a, b) => b - a)
  const agree = (i: number) => i + 1 < rates.length && rates[i]! <= MOST_APART * rates[i + 1]!
  const first = rates.findIndex((_, i) => agree(i))
  const fastest = rates[Math.max(0, first)]!
  const perSecond = rates[Math.max(0, first) + 1] ?? fastest
  const leftOut = (carried: number, noise: string) => {
    if (noise && quiet.length) return noise
    if (carried > fastest) return `no other is within ${APART} of it`
    return carried < perSecond ? 'slower than two others' : null
  }
  return {
    perSecond,
    boots: boots.map((boot, i) => ({ ...boot, leftOut: leftOut(boot.perSecond, noises[i]!) })),
    unsettled: unsettled(boots.length, quiet.length, first >= 0),
  }
}

const APART = `${Math.round(100 * (MOST_APART - 1))} %`

function unsettled(boots: number, quiet: number, agree: boolean): string | null {
  if (quiet < CAPACITY_BOOTS) return `${quiet || 'none'} of ${boots} boots ${quiet === 1 ? 'was' : 'were'} quiet`
  return agree ? null : `no two of ${quiet} quiet boots are within ${APART} of each other`
}

/**
 * Boots until two agree, or it has been tried often enough.
 *
 * @param boot what the boot of that number carries, counted from 1
 */
export async function untilSettled(guest: Guest, boot: (number: number) => Promise<CarryingBoot>): Promise<Found> {
  const boots: CarryingBoot[] = []
  for (;;) {
    boots.push(await boot(boots.length + 1))
    const found = capacityOf(guest, boots)
    if (found.unsettled === null || boots.length >= MOST) return found
  }
}
