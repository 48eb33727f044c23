import { max, sum } from 'simple-statistics'
import type { EventOf } from '../../model/events.ts'
import type { Measured } from '../../model/measured.ts'

/** Slots of time, joined: [connections begun, ended well, held by the server's side at most]. */
export interface Slots {
  startUs: number
  slotUs: number
  rows: [begun: number, ok: number, held: number][]
}

/** Joins what the generator told in several lines; null when it told none. */
export function joinSlots(events: EventOf<'slots'>[]): Slots | null {
  const [first] = events
  return first ? { startUs: first.startUs, slotUs: first.slotUs, rows: events.flatMap(({ rows }) => rows) } : null
}

/** The slots that a stretch of time touches. */
function touching({ startUs, slotUs, rows }: Slots, from: number, to: number) {
  const [first, last] = [from, to].map((time) => Math.max(0, Math.floor((time - startUs) / slotUs)))
  return rows.slice(first, last! + 1)
}

/**
 * Which reloads were *exposed*: the server's side held at least one connection at some moment between the reload's
 * start and the close of the old listener (to the slot), or one was lost. Others had nothing to lose: under SYN block
 * most clients wait for their SYN to be sent again.
 *
 * @param losses of each reload, of whatever kind
 */
export const exposedReloads = (reloads: EventOf<'reload'>[], slots: Slots, losses: number[]): boolean[] =>
  reloads.map(
    ({ start, closed }, i) => losses[i]! > 0 || touching(slots, start, start + closed).some(([, , held]) => held > 0),
  )

/** Connections that the server's side held when each reload's new process had started. */
export const heldAtReloads = (reloads: EventOf<'reload'>[], slots: Slots): number[] =>
  reloads.map(({ start, reloaded }) => {
    const at = start + reloaded
    return max(
      touching(slots, at, at)
        .map(([, , held]) => held)
        .concat(0),
    )
  })

/**
 * Connections that had begun and not ended when each reload's new process had started, whoever held them: to the slot.
 *
 * @param lostAt when those that did not end well ended, in microseconds
 */
export function inFlightAtReloads(reloads: EventOf<'reload'>[], slots: Slots, lostAt: number[]): number[] {
  const { startUs, slotUs, rows } = slots
  return reloads.map(({ start, reloaded }) => {
    const slot = Math.floor((start + reloaded - startUs) / slotUs)
    const until = rows.slice(0, slot + 1)
    const [begun, ok] = [0, 1].map((column) => sum(until.map((row) => row[column]!))) as [number, number]
    const lost = lostAt.filter((time) => Math.floor((time - startUs) / slotUs) <= slot).length
    return Math.max(0, begun - ok - lost)
  })
}

/** Resets of the reloads that had something to lose; of all, where it is not known which had. */
export const exposedResets = ({
  resetsByReload,
  exposedByReload,
}: Pick<Measured, 'resetsByReload' | 'exposedByReload'>): number[] =>
  exposedByReload ? resetsByReload.filter((_, i) => exposedByReload[i]) : resetsByReload
