import { allOf, type Event, type EventOf } from '../../model/events.ts'
import type { Provenance } from '../../model/result.ts'

const MS = 1000
/** The share of its pause that each reload must wait: a clock of jiffies shows one of 100 ms as 90. */
const WAITED = 0.5

/**
 * Whether a guest ran what was asked for: this kernel, these users, reloads for so long and with such pauses. The load
 * decides the numbers, so a cell with another load than its report says is worth nothing.
 *
 * @returns what was otherwise, in one sentence; null when nothing was
 */
export function notAsAsked({ kernel, load }: Pick<Provenance, 'kernel' | 'load'>, events: Event[]): string | null {
  const [boot] = allOf(events, 'boot')
  // Two builds of one version are called apart by a part of their hash.
  if (boot && boot.release !== kernel.replace(/ \([0-9a-f]{8}\)$/, ''))
    return `the guest booted Linux ${boot.release}, not ${kernel}`
  const [start] = allOf(events, 'load-start')
  const [reloading] = allOf(events, 'reloading')
  const differs = (found: number | undefined, asked: number, say: (value: number) => string) =>
    found === undefined || found === asked ? [] : [`${say(found)}, not ${asked}`]
  const other = [
    ...differs(start?.users, load.users, (users) => `${users} users`),
    ...differs(start?.rate, load.rate ?? 0, (rate) => `${rate} arrivals a second`),
    ...differs(reloading?.seconds, load.duration, (seconds) => `reloads for ${seconds} s`),
    ...tooSoon(allOf(events, 'reload'), load.interval),
  ]
  return other.length ? `another load than was asked for: ${other.join(', ')}` : null
}

/** The first reload that did not wait for its pause. */
function tooSoon(reloads: EventOf<'reload'>[], interval: number): string[] {
  const pause = (i: number) => (i ? reloads[i]!.start - reloads[i - 1]!.start - reloads[i - 1]!.closed : Infinity)
  const i = reloads.findIndex((_, i) => pause(i) < WAITED * interval * MS)
  return i < 0 ? [] : [`a pause of ${pause(i) / MS} ms before reload ${i}, not ${interval}`]
}
