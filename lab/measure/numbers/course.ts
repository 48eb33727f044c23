import { max } from 'simple-statistics'
import type { EventOf } from '../../model/events.ts'
import type { BootEvents } from './boot-events.ts'
import { inFlightBySlot, joinSlots, type LostRows, type Slots, slotAt } from './slots.ts'

const SECOND_US = 1_000_000
/** By so much may two programs see one moment apart: a signal waits for a CPU. Runs show 16 ms. */
const SIGNAL_US = SECOND_US / 4
/** The least quiet time before the first reload: the negative control of every cell. */
const QUIET_US = SECOND_US / 2
/** The generator reports a tick a second. A longer silence by its own clock is a guest that stalled. */
const STALL_US = 5 * SECOND_US
/** The longest time without a new connection while half of the users are free: each begins one as soon as another ends. */
const IDLE_US = SECOND_US / 2

const seconds = (us: number) => `${(us / SECOND_US).toFixed(2)} s`

/**
 * Checks the course of a boot: a quiet time, then one reload after the other, each reported once and each of the proxy
 * that the previous one had started, under load all the time, by a clock that neither stalls nor goes back.
 *
 * @returns the first deviation, in one sentence; null when there is none
 */
export function offCourse({ all, one }: BootEvents): string | null {
  return reloadsOffCourse(all('reload')) ?? clockOffCourse(all('tick')) ?? loadOffCourse({ all, one })
}

/** Reloads are numbered without a gap, do not overlap, and each replaces the process that the previous one started. */
function reloadsOffCourse(reloads: EventOf<'reload'>[]): string | null {
  for (const [i, { number, prepared, ...reload }] of reloads.entries()) {
    // What prepares a reload may replace the process, too.
    const { start, old } = prepared ?? reload
    if (number !== i) return `reload ${i} is missing: reload ${number} came instead`
    const previous = reloads[i - 1]
    if (!previous) continue
    if (start < previous.start + previous.closed)
      return `the clock went back: reload ${i} began before the previous one had ended`
    if (old !== previous.new)
      return `reload ${i} replaced process ${old}, but the previous one had started process ${previous.new}: the proxy was restarted in between`
  }
  return null
}

function clockOffCourse(ticks: EventOf<'tick'>[]): string | null {
  for (const [i, { t }] of ticks.entries()) {
    const gap = i ? t - ticks[i - 1]!.t : 0
    if (gap < 0) return `the clock went back by ${seconds(-gap)} between two ticks of the generator`
    if (gap > STALL_US) return `the guest stalled or its clock jumped: ${seconds(gap)} between two ticks`
  }
  return null
}

/** The load is checked only where the generator reported its phases; older ones did not. */
function loadOffCourse({ all, one }: BootEvents): string | null {
  const [phases] = all('phases')
  const reloads = all('reload')
  if (!phases) return null
  const { quiet, reloadsFromUs } = phases
  const end = reloadsFromUs + phases.reloads.us
  const planned = one('reloading').seconds * SECOND_US
  const [first, last] = [reloads[0], reloads.at(-1)]
  if (!reloadsFromUs) return 'the generator was not told that the reloads began'
  if (quiet.us < QUIET_US) return `the load ran only ${seconds(quiet.us)} before the first reload`
  if (first && first.start + SIGNAL_US < reloadsFromUs)
    return 'the generator was told of the reloads only after the first had begun'
  if (last && last.start + last.closed > end + SIGNAL_US) return 'the load ended before the last reload'
  if (phases.reloads.us < planned - SIGNAL_US)
    return `reloads were made under load for ${seconds(phases.reloads.us)}, not for the ${seconds(planned)} asked for`
  const slots = joinSlots(all('slots'))
  const { users, rate, abRequests } = one('load-start')
  // ab may hang, and tells so by a run without numbers.
  if (!slots || rate > 0 || abRequests !== undefined) return null
  const lost = all('lost').flatMap(({ rows }) => rows)
  const idle = longestIdle(slots, lost, users, end)
  if (idle.us <= IDLE_US) return null
  const late = lateness(all('tick'), idle.from, idle.from + idle.us)
  const why = late > IDLE_US ? `; its own tick was ${seconds(late)} late then, as where it gets no CPU` : ''
  return `the generator began no connection for ${seconds(idle.us)} while most of its ${users} users had none${why}`
}

/** By how many microseconds a tick of the generator came late at most, in whose second was some of the time between two moments. */
export function lateness(ticks: EventOf<'tick'>[], from = 0, until = Number.POSITIVE_INFINITY): number {
  const late = ticks.slice(1).map(({ t }, i) => (ticks[i]!.t < until && t > from ? t - ticks[i]!.t - SECOND_US : 0))
  return late.length ? max(late) : 0
}

/** When a closed loop began nothing for longest, and for how long, although half of its users or more were free. */
function longestIdle(slots: Slots, lost: LostRows, users: number, end: number): { from: number; us: number } {
  const inFlight = inFlightBySlot(slots, lost)
  let [idle, longest, last] = [0, 0, 0]
  for (let i = 0; i < slotAt(slots, end); i++) {
    const begun = slots.rows[i]?.[0] ?? 0
    const free = (inFlight[i] ?? inFlight.at(-1) ?? 0) <= users / 2
    idle = begun === 0 && free ? idle + 1 : 0
    if (idle > longest) [longest, last] = [idle, i]
  }
  return { from: slots.startUs + (last + 1 - longest) * slots.slotUs, us: longest * slots.slotUs }
}
