import type { EventOf } from '../../../model/events.ts'
import type { Measured } from '../../../model/result/measured.ts'

/** The index of the last of `starts`, ascending, that is not after a time; -1 where all are. An hour's run has 36,000. */
export function lastBegun(starts: number[], time: number): number {
  let [low, high] = [0, starts.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (starts[middle]! <= time) low = middle + 1
    else high = middle
  }
  return low - 1
}

/**
 * Attributes events to reloads. An event belongs to the last reload that had begun when it happened: a reset comes when
 * the old listener closes, or when a segment then meets the wrong one, and both are over long before the next reload.
 *
 * @param times of the events in microseconds, in any order
 * @param starts of the reloads by the same clock, ascending
 * @returns the number of events before the first reload, and of each reload
 */
export function attribute(times: number[], starts: number[]): { before: number; byReload: number[] } {
  const byReload = starts.map(() => 0)
  let before = 0
  for (const time of times) {
    const reload = lastBegun(starts, time)
    if (reload < 0) before++
    else byReload[reload]!++
  }
  return { before, byReload }
}

/**
 * A closed listener may cause RSTs for so many microseconds: close(2) first removes the descriptor, and segments on
 * their way then meet no listener. Runs show at most 26,500, except for a few retransmissions.
 */
const SETTLING_US = 30_000

/** RSTs in reply by which clients answered a TIME_WAIT while nobody listened: those that came during a reload. */
export function repliesInReloads(rsts: EventOf<'rsts'>['rows'], reloads: EventOf<'reload'>[]): number {
  const starts = reloads.map(({ start }) => start)
  // Reloads do not overlap, so that the last one to begin is the last one to settle.
  const comes = (time: number) => {
    const reload = reloads[lastBegun(starts, time)]
    return reload !== undefined && time - reload.start <= reload.closed + SETTLING_US
  }
  return rsts.filter(([sender, , time]) => sender === 'C' && comes(time)).length
}

/**
 * Counts resets by the part of the reload in which they came, over all reloads. One that came in the pause settles what a
 * closed listener left if its connection had begun before: the client was slow to send its request.
 *
 * @param resets the time of each in microseconds, and when its connection began, in any order; those before the first
 *   reload do not count
 */
export function byPart(
  resets: { time: number; begun: number }[],
  reloads: EventOf<'reload'>[],
): Measured['resetsByPart'] {
  const counts = { before: 0, reload: 0, after: 0, closing: 0, settling: 0, pause: 0 }
  const starts = reloads.map(({ start }) => start)
  for (const { time, begun } of resets) {
    const reload = reloads[lastBegun(starts, time)]
    if (!reload) continue
    const { start, before, reloaded, after, closed } = reload
    const settling = closed + SETTLING_US
    const ends = { before, reload: reloaded, after, closing: closed, settling, pause: Number.POSITIVE_INFINITY }
    const parts = Object.keys(ends) as (keyof typeof ends)[]
    const part = parts.find((part) => time - start < ends[part])!
    counts[part === 'pause' && begun - start < settling ? 'settling' : part]++
  }
  return counts
}
