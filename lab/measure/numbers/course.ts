import type { EventOf } from '../../model/events.ts'
import type { BootEvents } from './boot-events.ts'
import { joinSlots, type Slots } from './exposure.ts'

const SECOND = 1_000_000
/** Microseconds by which two programs may see the same moment apart: a signal waits for a CPU. Runs show 16 ms. */
const SLACK = SECOND / 4
/** The quiet time before the first reload that a cell must have, at least: its own negative control. */
const QUIET = SECOND / 2
/** The generator tells a tick a second. So long a silence in its own time is a guest that stood still. */
const SILENCE = 5 * SECOND
/** So long no connection may be begun while half of the users have none: the next begins as soon as one ends. */
const IDLE = SECOND / 2

const seconds = (us: number) => `${(us / SECOND).toFixed(2)} s`

/**
 * Whether a cell went its course: a quiet time, then one reload after the other, each told once and each of the proxy
 * that the last one had started, with load all the time, by a clock that neither stands nor goes back.
 *
 * @returns the first thing that did not, in one sentence; null when all did
 */
export function offCourse({ all, one }: BootEvents): string | null {
  return amissInReloads(all('reload')) ?? amissInClock(all('tick')) ?? amissInLoad({ all, one })
}

/** Numbers without a gap, times without a step back, and no proxy that no reload started. */
function amissInReloads(reloads: EventOf<'reload'>[]): string | null {
  for (const [i, { number, start, old }] of reloads.entries()) {
    if (number !== i) return `reload ${i} is missing: reload ${number} came instead`
    const before = reloads[i - 1]
    if (!before) continue
    if (start < before.start + before.closed) return `the clock went back: reload ${i} began before the last had ended`
    if (old !== before.new)
      return `reload ${i} replaced process ${old}, and the last one had started process ${before.new}: the proxy was started again in between`
  }
  return null
}

function amissInClock(ticks: EventOf<'tick'>[]): string | null {
  for (const [i, { t }] of ticks.entries()) {
    const gap = i ? t - ticks[i - 1]!.t : 0
    if (gap < 0) return `the clock went back by ${seconds(-gap)} between two ticks of the generator`
    if (gap > SILENCE) return `the guest stood still, or its clock jumped: ${seconds(gap)} between two ticks`
  }
  return null
}

/** Streams from before the generator told phases say nothing of it. */
function amissInLoad({ all, one }: BootEvents): string | null {
  const [phases] = all('phases')
  const reloads = all('reload')
  if (!phases) return null
  const { quiet, reloadsFromUs } = phases
  const end = reloadsFromUs + phases.reloads.us
  const asked = one('reloading').seconds * SECOND
  const [first, last] = [reloads[0], reloads.at(-1)]
  if (!reloadsFromUs) return 'the load was not told that the reloads began'
  if (quiet.us < QUIET) return `the load had only ${seconds(quiet.us)} of quiet before the first reload`
  if (first && first.start + SLACK < reloadsFromUs) return 'the load was told of the reloads after the first of them'
  if (last && last.start + last.closed > end + SLACK) return 'the load ended before the last reload'
  if (phases.reloads.us < asked - SLACK)
    return `the load met reloads for ${seconds(phases.reloads.us)}, and ${seconds(asked)} were asked for`
  const slots = joinSlots(all('slots'))
  const { users, rate } = one('load-start')
  const idle =
    slots && rate === 0
      ? longestIdle(
          slots,
          users,
          end,
          all('lost').flatMap(({ rows }) => rows),
        )
      : 0
  return idle > IDLE
    ? `the load began no connection for ${seconds(idle)}, while most of its ${users} users had none`
    : null
}

/** Microseconds for which a closed loop began nothing, with half of its users free at least, until the drain. */
function longestIdle(
  { startUs, slotUs, rows }: Slots,
  users: number,
  end: number,
  lost: EventOf<'lost'>['rows'],
): number {
  const slotOf = (us: number) => Math.floor((us - startUs) / slotUs)
  const lostIn = new Map<number, number>()
  for (const [, , , ended] of lost) lostIn.set(slotOf(ended), (lostIn.get(slotOf(ended)) ?? 0) + 1)
  let [underway, idle, longest] = [0, 0, 0]
  for (let i = 0; i < slotOf(end); i++) {
    const [begun, ok] = rows[i] ?? [0, 0]
    underway += begun - ok - (lostIn.get(i) ?? 0)
    idle = begun === 0 && underway <= users / 2 ? idle + slotUs : 0
    longest = Math.max(longest, idle)
  }
  return longest
}
