import type { Measured } from '../../model/measured.ts'
import type { Provenance } from '../../model/result.ts'

/** An open loop has reached its rate when it began this share of it; the rest is how its arrivals fell. */
const REACHED = 0.95
/** Of the arrivals asked for, the share that may be due and not begun when the load ends. */
const WAITING = 0.01

const whole = (value: number) => Math.round(value).toLocaleString('en-US')

/** What tells an overload. */
type Loaded = Pick<Provenance, 'load' | 'boots'> & Pick<Measured, 'begunPerSecond' | 'waiting'>

/** Whether it is an open loop that began connections at the rate that was asked for. */
export const rateReached = ({ load: { rate }, begunPerSecond }: Pick<Loaded, 'load' | 'begunPerSecond'>): boolean =>
  rate !== null && begunPerSecond >= REACHED * rate

/**
 * Says that an open loop is none: connections did not begin when they were due, because the generator could not or
 * because all that it may have at a time were taken. Its numbers are then those of another load than was asked for.
 *
 * @returns a sentence without its full stop; null where the rate was reached, and in a closed loop
 */
export function overloaded({ load, boots, begunPerSecond, waiting }: Loaded): string | null {
  const { rate, duration } = load
  if (rate === null) return null
  if (rateReached({ load, begunPerSecond }) && waiting <= WAITING * rate * duration * boots) return null
  const late = waiting ? `; ${whole(waiting)} that were due had not begun at the end` : ''
  return `${whole(rate)} arrivals a second were asked for, ${whole(begunPerSecond)} were made${late}`
}
