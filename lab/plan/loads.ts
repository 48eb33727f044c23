import type { Options } from '../cli/options.ts'
import { half, type Load } from '../model/load.ts'

/** The article's load: `inject -u 20 -o 4`, a closed loop of 80 connections. */
const SATURATED_USERS = 80

/**
 * The most connections at a time of an open loop that does not say. Far more than wait while nothing is held back; under
 * SYN block each second brings so many that wait for their SYN to be sent again.
 */
const OPEN_USERS = 4000

/** The load that finds out what a kernel and proxy carry: saturated, and for so many seconds. */
export const CAPACITY_SECONDS = 2

const common = (options: Options) => ({
  duration: options.duration,
  interval: options.interval,
  fusedAck: options['fused-ack'],
  closeWithRst: options['close-with-rst'],
  slowMs: options.slow,
})

/** Whether the options leave the loads to the lab, which then needs to know what kernel and proxy carry. */
export const asksForBoth = ({ users, rate }: Pick<Options, 'users' | 'rate'>) => users === null && rate === null

/** Connections at a time, at most, that the options ask for. */
export const usersOf = (options: Options): number[] => loadsOf(options, 1).map(({ users }) => users)

/** The article's load, under which a proxy is as busy as it can be. */
export const saturated = (options: Options): Load => ({
  name: 'saturated',
  loop: 'closed',
  users: SATURATED_USERS,
  rate: null,
  capacity: null,
  ...common(options),
})

/**
 * The loads of a kernel and proxy: those that were asked for, else the lab's own two.
 *
 * @param capacity connections a second that they carry without reloads; null where it is not known: then half of it is
 *   no load
 */
export function loadsOf(options: Options, capacity: number | null): Load[] {
  const { users, rate } = options
  if (rate !== null)
    return rate.map((rate) => ({
      name: `rate-${rate}`,
      loop: 'open',
      users: users?.[0] ?? OPEN_USERS,
      rate,
      capacity: null,
      ...common(options),
    }))
  if (users !== null)
    return users.map((users) => ({
      name: `users-${users}`,
      loop: 'closed',
      users,
      rate: null,
      capacity: null,
      ...common(options),
    }))
  if (capacity === null) return [saturated(options)]
  return [
    saturated(options),
    {
      name: 'half',
      loop: 'open',
      users: OPEN_USERS,
      rate: half(capacity),
      capacity,
      ...common(options),
    },
  ]
}
