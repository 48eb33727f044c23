import * as v from 'valibot'
import { amount, count } from '../numbers.ts'

/** What the connections of a load carry. */
export const EXCHANGES = ['request', 'banner', 'keep-alive'] as const

/**
 * What a connection of a load carries:
 *   'request'     one HTTP request; the server closes
 *   'banner'      the server speaks first: a greeting, then one line of the client, and its reply; the server closes
 *   'keep-alive'  HTTP requests one after another, every other one a POST, as many as `requests` at most. Between an
 *                 answer and the next one it pauses for `pauseMs` milliseconds on average
 */
export const Exchange = v.variant('kind', [
  v.object({ kind: v.literal('request') }),
  v.object({ kind: v.literal('banner') }),
  v.object({ kind: v.literal('keep-alive'), pauseMs: amount, requests: count }),
])

/** How a cell was loaded and reloaded: everything that a reader needs to judge its numbers. */
export const Load = v.object({
  /**
   * `saturated` and `half` are the lab's own; others say what was asked for: `users-20`, `rate-500-banner`. It is part
   * of the cell's name.
   */
  name: v.string(),
  loop: v.picklist(['closed', 'open']),
  /** Closed loop: connections at a time. Open loop: the most at a time. */
  users: count,
  /** Open loop: arrivals a second; null in closed loop. */
  rate: v.nullable(amount),
  /** Connections a second that this kernel and proxy carry without reloads, of which `rate` is a share; null: not asked. */
  capacity: v.nullable(amount),
  /** Seconds during which reloads were made, in each boot. */
  duration: amount,
  /** Milliseconds between the end of a reload and the start of the next. */
  interval: amount,
  /**
   * Whether they begin when the accept queues are short again (see `drainedAt`), and not at the end of the reload: so in
   * each open loop, where what one reload holds up would meet the next one, and pile up. Runs before 2026-11-29 did not
   * wait for it.
   */
  drains: v.optional(v.boolean(), false),
  /** Whether a reload that is not counted comes before the load: in all runs from 2026-11-30 on. */
  warms: v.optional(v.boolean(), false),
  /** What its connections carry; in runs before 2026-11-30 one request each. */
  exchange: v.optional(Exchange, { kind: 'request' }),
  fusedAck: v.boolean(),
  closeWithRst: v.boolean(),
  /** Whether ab(1) makes the load, over HTTPS and run after run (images/guest/wire/witness.c): only where it does. */
  ab: v.optional(v.literal(true)),
  /** Milliseconds from which a connection counts as slow. */
  slowMs: amount,
})

export type Load = v.InferOutput<typeof Load>
export type Exchange = v.InferOutput<typeof Exchange>

/** Requests of one run of ab: the article's (section 8). */
export const AB_REQUESTS = 2000

/** A share of what a kernel and proxy carry without reloads, in arrivals a second, at least one. */
export const rateOf = (share: number, capacity: number): number => Math.max(1, Math.round(share * capacity))

/** What the load of a share is called; that of a half is the lab's own. */
export const shareName = (share: number): string => (share === 0.5 ? 'half' : `share-${Math.round(100 * share)}`)

/** The share that a load of this name is of what kernel and proxy carry, 0 to 1; null: it is no such load. */
export function shareNamed(name: string): number | null {
  const [, percent] = /^share-(\d+)$/.exec(name) ?? []
  return name === shareName(0.5) ? 0.5 : percent === undefined ? null : Number(percent) / 100
}

/** Accept queues are short when they hold no more than arrives in so many milliseconds, and no more than so many. */
export const DRAINED_MS = 20
export const DRAINED_MOST = 32

/** The most connections that wait in short accept queues of an open loop. */
export const drainedAt = ({ rate }: Pick<Load, 'rate'>): number =>
  Math.min(DRAINED_MOST, Math.ceil(((rate ?? 0) * DRAINED_MS) / 1000))
