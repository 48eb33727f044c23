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
