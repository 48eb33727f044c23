import { max } from 'simple-statistics'
import type { EventOf } from '../../model/events.ts'

/** The load in equal slots of time, joined: [connections begun, ended well, most that the server's side held at once]. */
export interface Slots {
  /** Start of the first slot, microseconds. */
  startUs: number
  /** Length of a slot, microseconds. */
  slotUs: number
  rows: [begun: number, ok: number, held: number][]
}

/** Joins slots that the generator reported in several events; null when it reported none. */
export function joinSlots(events: EventOf<'slots'>[]): Slots | null {
  const [first] = events
  return first ? { startUs: first.startUs, slotUs: first.slotUs, rows: events.flatMap(({ rows }) => rows) } : null
}

/** The index of the slot that holds a time; slots begin before the load and may end before that time. */
export const slotAt = ({ startUs, slotUs }: Slots, time: number) => Math.floor((time - startUs) / slotUs)

/** The rows of all slots that a stretch of time touches. */
export function rowsBetween(slots: Slots, from: number, to: number): Slots['rows'] {
  const [first, last] = [from, to].map((time) => Math.max(0, slotAt(slots, time)))
  return slots.rows.slice(first, last! + 1)
}

/** The rows of events `lost`, in their order. */
export type LostRows = EventOf<'lost'>['rows']

/**
 * Connections in flight at the end of each slot: begun and not yet ended, well or otherwise.
 *
 * @param lost connections that did not end well
 * @returns an entry a slot, up to the last slot or the last loss
 */
export function inFlightBySlot(slots: Slots, lost: LostRows): number[] {
  const losses = new Map<number, number>()
  for (const [, , , ended] of lost) {
    const slot = slotAt(slots, ended)
    losses.set(slot, (losses.get(slot) ?? 0) + 1)
  }
  const length = max([slots.rows.length, ...[...losses.keys()].map((slot) => slot + 1)])
  let inFlight = 0
  return Array.from({ length }, (_, i) => {
    const [begun, ok] = slots.rows[i] ?? [0, 0]
    inFlight += begun - ok - (losses.get(i) ?? 0)
    return inFlight
  })
}
