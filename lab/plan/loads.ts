import { half, type Load } from '../model/load.ts'
import type { Request } from '../model/request.ts'

/** The article's load: `inject -u 20 -o 4`, a closed loop of 80 connections. */
const SATURATED_USERS = 80

/**
 * The most connections at a time of an open loop, where nothing else is asked for. Far more than wait while nothing is
 * held back; under SYN block each second adds as many that wait for their SYN to be sent again.
 */
const OPEN_USERS = 4000

/** The load that finds out what a kernel and proxy carry is saturated, and lasts so many seconds; less where time counts. */
export const capacitySeconds = ({ untilSure }: Pick<Request, 'untilSure'>) => (untilSure ? 1 : 2)

/**
 * The boots that find it out. The slowest one counts: boots differ by a fifth and more, and half of a lucky one can be all
 * that the proxy of another carries beside its reloads.
 */
export const CAPACITY_BOOTS = 2

/** What a request says of all its loads. */
const common = ({ duration, interval, fusedAck, closeWithRst, slowMs }: Request) => ({
  duration,
  interval,
  fusedAck,
  closeWithRst,
  slowMs,
  warms: true,
})

const closed = (request: Request, name: string, users: number): Load => ({
  name,
  loop: 'closed',
  users,
  rate: null,
  capacity: null,
  drains: false,
  ...common(request),
})

const open = (request: Request, name: string, rate: number, capacity: number | null): Load => ({
  name,
  loop: 'open',
  users: request.users?.[0] ?? OPEN_USERS,
  rate,
  capacity,
  drains: true,
  ...common(request),
})

/** Whether a request leaves the loads to the lab, which then needs to know what kernel and proxy carry. */
export const needsCapacity = ({ users, rates }: Request) => users === null && rates === null

/** The most connections at a time of any load that a request asks for. */
export const mostUsers = (request: Request): number => Math.max(...loadsOf(request, 1).map(({ users }) => users))

/** The article's load, under which a proxy is as busy as it can be. */
export const saturated = (request: Request): Load => closed(request, 'saturated', SATURATED_USERS)

/**
 * The loads of a kernel and proxy: those that were asked for, else the lab's own two.
 *
 * @param capacity connections a second that they carry without reloads; null where it is not known: then there is no
 *   load of half of it
 */
export function loadsOf(request: Request, capacity: number | null): Load[] {
  const { users, rates } = request
  if (rates !== null) return rates.map((rate) => open(request, `rate-${rate}`, rate, null))
  if (users !== null) return users.map((count) => closed(request, `users-${count}`, count))
  return [saturated(request), ...(capacity === null ? [] : [open(request, 'half', half(capacity), capacity)])]
}
