import { type Exchange, type Load, rateOf, shareName } from '../model/case/load.ts'
import type { Request } from '../model/request.ts'

/** The article's load: `inject -u 20 -o 4`, a closed loop of 80 connections. */
const SATURATED_USERS = 80

/**
 * The most connections at a time of an open loop, where nothing else is asked for. Far more than wait while nothing is
 * held back; under SYN block each second adds as many that wait for their SYN to be sent again.
 */
const OPEN_USERS = 4000

const HALF = 0.5

/** Seconds of the load that finds out what a kernel and proxy carry; fewer where time counts. */
export const capacitySeconds = ({ untilSure }: Pick<Request, 'untilSure'>) => (untilSure ? 1 : 2)

/**
 * The boots that find it out. The slowest one counts: boots differ by a fifth and more, and half of a lucky one can be all
 * that the proxy of another carries beside its reloads.
 */
export const CAPACITY_BOOTS = 2

/** The most requests that a kept connection carries: it ends some time without a reload, too. */
const KEPT_REQUESTS = 10

/** What the connections of a request's loads carry. */
function exchangeOf({ banner, keepAlive }: Request): Exchange {
  if (keepAlive !== null) return { kind: 'keep-alive', pauseMs: keepAlive, requests: KEPT_REQUESTS }
  return { kind: banner ? 'banner' : 'request' }
}

/** What a request says of all its loads. */
const common = (request: Request) => ({
  duration: request.duration,
  interval: request.interval,
  exchange: exchangeOf(request),
  fusedAck: request.fusedAck,
  closeWithRst: request.closeWithRst,
  slowMs: request.slowMs,
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

/** Whether a request needs to know what kernel and proxy carry: for a share of it, or where it leaves the loads to the lab. */
export const needsCapacity = (request: Request) => loadsOf(request, 1).some(({ capacity }) => capacity !== null)

/** The most connections at a time of any load that a request asks for. */
export const mostUsers = (request: Request): number => Math.max(...loadsOf(request, 1).map(({ users }) => users))

/** An open loop at a share of the capacity. */
const shareOf = (request: Request, share: number, capacity: number): Load =>
  open(request, shareName(share), rateOf(share, capacity), capacity)

/** The article's load, under which a proxy is as busy as it can be. */
export const saturated = (request: Request): Load => closed(request, 'saturated', SATURATED_USERS)

/** The load that finds out what a kernel and proxy carry: saturated, and short. */
export const capacityLoad = (request: Request): Load => ({
  ...saturated(request),
  duration: capacitySeconds(request),
})

/**
 * The loads of a kernel and proxy: those that were asked for, else the lab's own two; of connections that carry something
 * else than one request, only as many as in the article's.
 *
 * @param capacity connections a second that they carry without reloads; null where it is not known: then there is no
 *   load of half of it
 */
export const loadsOf = (request: Request, capacity: number | null): Load[] =>
  allLoads(request, capacity).filter(({ name }) => request.only?.loads?.includes(name) ?? true)

function allLoads(request: Request, capacity: number | null): Load[] {
  const { kind } = exchangeOf(request)
  const named = (name: string) => (kind === 'request' ? name : `${name}-${kind}`)
  const { rates, shares } = request
  const users = request.users ?? (kind === 'request' ? null : [SATURATED_USERS])
  if (shares !== undefined) return capacity === null ? [] : shares.map((share) => shareOf(request, share, capacity))
  if (rates !== null) return rates.map((rate) => open(request, named(`rate-${rate}`), rate, null))
  if (users !== null) return users.map((count) => closed(request, named(`users-${count}`), count))
  return [saturated(request), ...(capacity === null ? [] : [shareOf(request, HALF, capacity)])]
}
