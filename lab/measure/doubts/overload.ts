import type { Measured } from '../../model/result/measured.ts'
import type { Provenance } from '../../model/result.ts'
import { sentences } from '../words.ts'

/** An open loop that began this share of its rate has reached it; the rest is chance in its arrivals. */
const REACHED = 0.95
/** The share of all arrivals that may be due but not begun when the load ends. */
const MOST_WAITING = 0.01
/** The share of the reloads after which accept queues may still be longer than `drainedAt` when the next one begins. */
const MOST_UNDRAINED = 0.1

const whole = (value: number) => Math.round(value).toLocaleString('en-US')

type OpenLoop = Pick<Provenance, 'load' | 'boots'> &
  Pick<Measured, 'begunPerSecond' | 'waiting' | 'undrained' | 'reloads'>

/** Whether an open loop began connections at the rate that was asked for; false for a closed loop. */
export const rateReached = ({ load: { rate }, begunPerSecond }: Pick<OpenLoop, 'load' | 'begunPerSecond'>): boolean =>
  rate !== null && begunPerSecond >= REACHED * rate

/**
 * Whether an open loop fell behind: connections did not begin when they were due, because the generator could not or all
 * the connections that it may have at a time were taken; or what reloads held up was not served before the next one. Its
 * numbers are then those of another load.
 *
 * @returns a sentence without its full stop; null where the rate was reached, and in a closed loop
 */
export function overloaded({ load, boots, begunPerSecond, waiting, undrained, reloads }: OpenLoop): string | null {
  const { rate, duration } = load
  if (rate === null) return null
  const drained = undrained <= MOST_UNDRAINED * reloads
  if (drained && rateReached({ load, begunPerSecond }) && waiting <= MOST_WAITING * rate * duration * boots) return null
  return sentences(
    [
      !rateReached({ load, begunPerSecond }),
      `${whole(rate)} arrivals a second were asked for, ${whole(begunPerSecond)} were made`,
    ],
    [waiting > 0, `${whole(waiting)} arrivals that were due had not begun at the end`],
    [!drained, `${undrained} of ${reloads} reloads began while connections of the last one still waited`],
  ).join('; ')
}
