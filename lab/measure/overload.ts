import type { Measured, Provenance } from './result.ts'

/** An open loop has reached its rate when it began this share of it; the rest is how its arrivals fell. */
const REACHED = 0.95
/** Of the arrivals asked for, the share that may be due and not begun when the load ends. */
const WAITING = 0.01

const whole = (value: number) => Math.round(value).toLocaleString('en-US')

/** What tells an overload. */
type Loaded = Pick<Provenance, 'load'> & Pick<Measured, 'begunPerSecond' | 'quietThroughput' | 'waiting'>

/**
 * Says that an open loop is none: connections did not begin when they were due, because the generator could not or
 * because all that it may have at a time were taken. Its numbers are then those of another load than was asked for.
 *
 * @returns a sentence without its full stop; null where the rate was reached, and in a closed loop
 */
export function overloaded({ load, begunPerSecond, quietThroughput, waiting }: Loaded): string | null {
  const { rate, duration } = load
  if (rate === null) return null
  // Where the guest did not tell phases, the rate is over the drain, too, and says nothing.
  const missed = quietThroughput !== null && begunPerSecond < REACHED * rate
  if (!missed && waiting <= WAITING * rate * duration) return null
  const late = waiting ? `; ${whole(waiting)} that were due had not begun at the end` : ''
  return `${whole(rate)} arrivals a second were asked for, ${whole(begunPerSecond)} were made${late}`
}
