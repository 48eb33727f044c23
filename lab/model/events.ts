import * as v from 'valibot'
import { FEATURES } from './case/case.ts'
import { count } from './numbers.ts'
import { readAs } from './text/mistakes.ts'
import { mayAct, plain, plainly } from './text/plain.ts'

/** Microseconds: a time by the guest's CLOCK_MONOTONIC, or a length of time. */
const us = count

const event = <E extends string, T extends v.ObjectEntries>(e: E, entries: T) =>
  v.object({ n: count, e: v.literal(e), ...entries })

/** How a connection was lost: reset before or after its request, refused, timeout, short, other. */
export const LOST = { B: 'resetBefore', A: 'resetAfter', R: 'refused', T: 'timeout', S: 'short', O: 'other' } as const

/**
 * The sender of a RST: the server's side of its own accord (A), in reply to a segment (R) or to a SYN (Q), or the client in
 * reply (C) or of its own accord (D). Older streams have S for both A and R, and C for both C and D. Of a load over TLS, E
 * and F are as A and R, but behind a FIN of either side.
 */
export const RST_SENDERS = ['A', 'R', 'S', 'Q', 'C', 'D', 'E', 'F'] as const

/**
 * The request under way: a GET, a POST, or none, when a kept connection pauses. A connection that was reset before its
 * request was sent has the one that was due.
 */
const METHODS = ['G', 'P', '-'] as const

const LOST_ROW = [v.picklist(['B', 'A', 'R', 'T', 'S', 'O']), count, us, us] as const

/** A phase of the load: its length, and the connections that began in it. */
const Phase = v.object({
  us,
  begun: count,
  /** Answers that came in it, whenever their connections began. */
  answered: count,
  /** Connections begun in it that ended well, but late. */
  slow: count,
  /** The largest latency of connections begun in it that ended well. */
  maxUs: us,
})

/** [busy, idle, stolen by the hypervisor], in clock ticks of 1/100 s. */
const Ticks = v.tuple([count, count, count])

/** What ab prints of its requests at the end of a run. */
export const AbPrinted = v.object({
  complete: count,
  failed: count,
  connect: count,
  receive: count,
  length: count,
  exceptions: count,
})

/** Every event of a guest, one a line. Times are microseconds of one clock that all its programs share. */
export const Event = v.variant('e', [
  event('boot', { t: us, release: v.string(), version: v.string() }),
  /** Whether this kernel has a feature, with what the attempt to use it said. */
  event('probe', { feature: v.picklist(FEATURES), has: v.boolean(), said: v.string() }),
  /**
   * The clocks of two CPUs, compared by hops between them: by how many microseconds time ran backwards at most, and the
   * quickest hop, below which no difference can be seen.
   */
  event('clocks', { t: us, backwards: count, quickest: v.number() }),
  /** A reload that is not counted is over; the load has not begun. */
  event('warmed', {}),
  /** RSTs are watched from now on. */
  event('watching', { t: us }),
  /** The load begins; a rate of 0 is a closed loop. */
  event('load-start', {
    t: us,
    port: count,
    users: count,
    rate: v.number(),
    fusedAck: v.optional(v.boolean()),
    closeWithRst: v.optional(v.boolean()),
    /** What its connections carry, where that is not one request. */
    banner: v.optional(v.boolean()),
    keepAlive: v.optional(v.object({ pauseMs: v.number(), requests: count })),
    /** Requests of each run of ab, where that makes the load. */
    abRequests: v.optional(count),
  }),
  /** The generator's counts so far, once a second. */
  event('tick', {
    t: us,
    /** Microseconds that a fixed piece of work took on the generator's CPU just now (images/guest/spin.h). */
    spinUs: v.optional(count),
    /** The CPU that the generator runs on. */
    cpu: v.optional(count),
    begun: count,
    ok: count,
    reset: count,
    refused: count,
    timeout: count,
    short: count,
  }),
  /** The CPUs that the proxy and the generator may use, as lists: before the first reload and after the last. */
  event('pins', { proxy: v.string(), generator: v.string(), clocksource: v.string() }),
  /** What the CPUs of the proxy and the generator have done since boot: when the reloads begin and when they are over. */
  event('cpus', { t: us, proxy: Ticks, generator: Ticks }),
  /** Reloads begin, and are made for so long. */
  event('reloading', { seconds: v.number() }),
  /** One reload: `start` is a time, the others are lengths of time from there to the end of each part. */
  event('reload', {
    number: count,
    start: us,
    before: us,
    reloaded: us,
    after: us,
    closed: us,
    old: count,
    new: count,
    /** All who served before and after, where they are several: `old` and `new` are the first of them. */
    olds: v.optional(v.array(count)),
    news: v.optional(v.array(count)),
    /** Inodes of the sockets on which the new process listens, and on which the old one listened before the reload. */
    listener: count,
    replaced: v.optional(count),
    /** Sockets on which the old processes listened before the reload and the new ones do; those that are the same. */
    listeners: v.optional(v.object({ was: count, is: count, kept: count })),
    /**
     * When the commands that prepare it began, and when they and the wait for short accept queues had ended (not told
     * before 2026-11-30); a pause follows. And who served until then: they may have replaced that process.
     */
    prepared: v.optional(v.object({ start: us, end: v.optional(us), old: count })),
    /** The CPUs that the new process may use, as a list. */
    cpus: v.optional(v.string()),
    /**
     * Open loop: when the accept queues were short again (see `drainedAt`); how many waited there at the last look (not told
     * before 2026-11-30); and how many when it gave up, or 0. The more of what waited before and after the reload.
     */
    drained: v.optional(us),
    queued: v.optional(count),
    waiting: v.optional(count),
    /** What the case's proof printed between the reload and the commands after it, and when that ended. */
    proof: v.optional(count),
    proved: v.optional(us),
  }),
  /** What the case's proof printed after all reloads. */
  event('proof', { value: count }),
  /** No connection is begun from now on; the last ones are waited for. */
  event('draining', {}),
  /**
   * Connections that did not end well: [how, client's port, begun, ended]; of kept ones also the answers that they had
   * had, the method of the request under way, and when it was asked for (0: none was).
   */
  event('lost', {
    rows: v.array(v.union([v.tuple([...LOST_ROW, count, v.picklist(METHODS), us]), v.tuple([...LOST_ROW])])),
  }),
  /**
   * Latencies of connections that ended well: [microseconds, connections], by the phase in which they began; of a kept
   * one that of its slowest answer.
   */
  event('latency', { phase: v.optional(v.picklist(['quiet', 'reloads'])), buckets: v.array(v.tuple([count, count])) }),
  /** The load before the first reload, and while reloads were made. */
  event('phases', { quiet: Phase, reloads: Phase, reloadsFromUs: us }),
  /**
   * The load in slots of slotUs, the first of them number `first` counted from startUs: connections
   * [begun, ended well, held by the server's side at most].
   */
  event('slots', { startUs: us, slotUs: us, first: count, rows: v.array(v.tuple([count, count, count])) }),
  /**
   * Kept connections: requests that were sent, of them POSTs, and good answers. And connections that were lost after
   * they had had an answer: by a reset, of them those with a POST under way; and without an answer to their last request.
   */
  event('kept', { requests: count, posts: count, answers: count, resets: count, resetPosts: count, shorts: count }),
  /** The generator's totals. */
  event('load', {
    begun: count,
    ok: count,
    resetBefore: count,
    resetAfter: count,
    refused: count,
    timeout: count,
    short: count,
    other: count,
    injectErrs: count,
    injectHits: count,
    injectTout: count,
    /** Timeouts whose SYN was never answered. */
    unconnected: count,
    /** Timeouts of connected clients, where the server speaks first and did not. */
    ungreeted: v.optional(count, 0),
    /** Open loop: arrivals that were due and had not begun when the load ended. */
    waiting: count,
    slow: count,
    /** The number of rows in the events `lost`. */
    lost: count,
    maxUs: us,
    firstUs: us,
    lastUs: us,
    userMs: v.number(),
    sysMs: v.number(),
    otherErrno: count,
    otherStatus: count,
  }),
  /**
   * A run of ab, counted from 1: its exit status; the connections that it had begun beyond its requests and left, which are
   * in no other count; and what it printed, null where it ended without its numbers. It may count one connection several times.
   */
  event('ab', {
    run: count,
    start: us,
    us,
    status: count,
    left: count,
    printed: v.nullable(AbPrinted),
  }),
  /** RSTs on the server's device: [sender, client's port, time]. */
  event('rsts', { rows: v.array(v.tuple([v.picklist(RST_SENDERS), count, us])) }),
  /**
   * Growth of the kernel's counters (/proc/net/snmp, /proc/net/netstat), of both sides; packets that the packet socket lost; and
   * the device through which clients come, with the packets that it received meanwhile (not told before 2026-12-01).
   */
  event('counters', {
    t: us,
    tapDropped: count,
    device: v.optional(v.object({ name: v.string(), received: count })),
    growth: v.record(v.string(), v.number()),
  }),
  /** At the end: how many of the lab's own connections the service answered. */
  event('service', { asked: count, answered: count }),
  event('error', { program: v.string(), message: v.string() }),
  /** The cell is set up and its proxy serves; a shell opens, and nothing more is told until it has ended. */
  event('shell', { t: us }),
  event('done', { status: count, lines: count }),
])
export type Event = v.InferOutput<typeof Event>
/** The event of one name. */
export type EventOf<E extends Event['e']> = Extract<Event, { e: E }>

/** All events of one name, in their order. */
export const allOf = <E extends Event['e']>(events: Event[], e: E) =>
  events.filter((event): event is EventOf<E> => event.e === e)

/** A line that is no event, or not the next one: the stream lost or gained something. */
export class BrokenStream extends Error {}

/**
 * Reads one line. Events are numbered from 1 without a gap, which shows whatever was lost, cut or mixed in on the way.
 *
 * Text in it is as a terminal may have it: a guest is a stranger.
 *
 * @param n the number that the event must have
 * @throws BrokenStream
 */
export function readEvent(line: string, n: number): Event {
  let value: unknown
  try {
    const told = JSON.parse(line)
    // Hardly any event does, and long ones have thousands of rows.
    value = mayAct(line) ? plainly(told) : told
  } catch {
    throw new BrokenStream(`line ${n} of the event stream is not JSON: ${quoted(line)}`)
  }
  const read = readAs(Event, value)
  if (read.mistakes)
    throw new BrokenStream(`line ${n} of the event stream is no event: ${read.mistakes.join('; ')}: ${quoted(line)}`)
  if (read.output.n !== n) throw new BrokenStream(`event ${n} is missing: event ${read.output.n} came instead`)
  return read.output
}

/** The beginning of a line that is no event. It may hold anything. */
const quoted = (line: string) => plain(JSON.stringify(line.slice(0, 120)))

/** A saved stream (events.jsonl): its events, and what is wrong if it is broken or has no end. */
export interface SavedEvents {
  events: Event[]
  broken: string | null
}

/** Reads a saved stream from its text. */
export const readEvents = (text: string) => readEventLines(text.split('\n').filter(Boolean))

/** Reads a saved stream line by line. */
export function readEventLines(lines: Iterable<string>): SavedEvents {
  const events: Event[] = []
  for (const line of lines) {
    try {
      events.push(fitted(readEvent(line, events.length + 1)))
    } catch (error) {
      return { events, broken: (error as Error).message }
    }
  }
  return { events, broken: events.at(-1)?.e === 'done' ? null : 'the event stream ends without "done"' }
}

/**
 * The same event in less memory. A row that the schema has read has room for 17 values, and there are millions of them: a
 * lost connection takes 124 bytes instead of 231.
 */
const fitted = (event: Event): Event =>
  'rows' in event ? ({ ...event, rows: event.rows.map((row) => [...row]) } as Event) : event
