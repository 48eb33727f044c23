import { max } from 'simple-statistics'
import type { EventOf } from '../../../model/events.ts'
import type { Measured } from '../../../model/result/measured.ts'
import { inFlightBySlot, type LostRows, rowsBetween, type Slots, slotAt } from '../slots.ts'

/**
 * Which reloads were *exposed*: the server's side held at least one connection at some moment between the reload's start
 * and the close of the old listener (to the slot), or a connection was lost. The others had nothing to lose: under SYN
 * block most clients wait until their SYN is sent again.
 *
 * @param losses of each reload, of whatever kind
 */
export const exposedReloads = (reloads: EventOf<'reload'>[], slots: Slots, losses: number[]): boolean[] =>
  reloads.map(
    ({ start, closed }, i) =>
      losses[i]! > 0 || rowsBetween(slots, start, start + closed).some(([, , held]) => held > 0),
  )

/** Connections that the server's side held when each reload's new process had started. */
export const heldAtReloads = (reloads: EventOf<'reload'>[], slots: Slots): number[] =>
  reloads.map(({ start, reloaded }) => {
    const rows = rowsBetween(slots, start + reloaded, start + reloaded)
    return max([0, ...rows.map(([, , held]) => held)])
  })

/** Connections in flight, whoever held them, at the end of the slot in which each reload's new process had started. */
export function inFlightAtReloads(reloads: EventOf<'reload'>[], slots: Slots, lost: LostRows): number[] {
  const inFlight = inFlightBySlot(slots, lost)
  return reloads.map(({ start, reloaded }) => {
    const slot = Math.min(slotAt(slots, start + reloaded), inFlight.length - 1)
    return Math.max(0, inFlight[slot] ?? 0)
  })
}

/** Resets of the exposed reloads; of all reloads where it is not known which were exposed. */
export const exposedResets = ({
  resetsByReload,
  exposedByReload,
}: Pick<Measured, 'resetsByReload' | 'exposedByReload'>): number[] =>
  exposedByReload ? resetsByReload.filter((_, i) => exposedByReload[i]) : resetsByReload
