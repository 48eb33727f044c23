import type { EventOf } from '../../model/events.ts'
import type { Measured } from '../../model/measured.ts'

/**
 * How many of some events fell to each reload. An event belongs to the last reload that had begun when it happened:
 * a reset comes when the old listener closes, or when a segment then meets the wrong one, and both are over long
 * before the next reload begins.
 *
 * @param times of the events, in microseconds, in any order
 * @param starts of the reloads, ascending, of the same clock
 * @returns events before the first reload, and one number a reload
 */
export function attribute(times: number[], starts: number[]): { before: number; byReload: number[] } {
  const byReload = starts.map(() => 0)
  let before = 0
  for (const time of times) {
    const reload = starts.findLastIndex((start) => start <= time)
    if (reload < 0) before++
    else byReload[reload]!++
  }
  return { before, byReload }
}

/**
 * Microseconds after a listener is called closed within which a RST may still come of it: close(2) takes the descriptor
 * away first, and segments on their way meet no listener. Runs show 26,500 at most but for a few retransmissions.
 */
const SETTLED = 30_000

/**
 * How many of some events fell into each part of a reload, over all reloads.
 *
 * @param times of the events, in microseconds, in any order; those before the first reload do not count
 */
export function byPart(times: number[], reloads: EventOf<'reload'>[]): Measured['resetsByPart'] {
  const counts = { before: 0, reload: 0, after: 0, closing: 0, settling: 0, pause: 0 }
  for (const time of times) {
    const reload = reloads.findLast(({ start }) => start <= time)
    if (!reload) continue
    const { start, before, reloaded, after, closed } = reload
    const settling = closed + SETTLED
    const ends = { before, reload: reloaded, after, closing: closed, settling, pause: Number.POSITIVE_INFINITY }
    const parts = Object.keys(ends) as (keyof typeof ends)[]
    counts[parts.find((part) => time - start < ends[part])!]++
  }
  return counts
}
