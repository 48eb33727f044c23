import { sum } from 'simple-statistics'
import { type Event, LOST } from '../../model/events.ts'
import type { Measured } from '../../model/result/measured.ts'
import { plural } from '../words.ts'
import { abMistake, abOf } from './account/ab.ts'
import { causesOf, causesOfAb } from './account/causes.ts'
import { reconcile, resetsOnWire } from './account/reconcile.ts'
import { type BootEvents, bootEvents, Unmeasurable } from './boot-events.ts'
import { lateness, offCourse } from './course.ts'
import { keptMistake, keptOf, waitedFrom } from './kept.ts'
import { heldShareOf, sharesOf } from './limit.ts'
import { attribute, byPart, repliesInReloads } from './reloads/by-reload.ts'
import { exposedReloads, heldAtReloads, inFlightAtReloads } from './reloads/exposure.ts'
import { type BootPrice, bootPrice } from './reloads/price.ts'
import { joinSlots, type LostRows } from './slots.ts'

/** Counts that are summed over the boots of a cell. */
export const COUNTS = [
  'connections',
  'ok',
  'resets',
  'resetsBeforeRequest',
  'resetsAfterRequest',
  'refused',
  'timeouts',
  'short',
  'other',
  'injectErrs',
  'injectHits',
  'resetsBeforeReloads',
  'waiting',
  'undrained',
] as const satisfies (keyof Measured)[]

/** The numbers of one boot, in a form that can be combined with those of the cell's other boots. */
export interface Tally
  extends Pick<
    Measured,
    | (typeof COUNTS)[number]
    | 'ab'
    | 'wire'
    | 'causes'
    | 'resetsByReload'
    | 'repliesByReload'
    | 'refusedByReload'
    | 'exposedByReload'
    | 'resetsByPart'
    | 'kept'
    | 'proof'
    | 'service'
    | 'cpu'
  > {
  /** Connections that the server's side held at each reload; null: not told. */
  heldByReload: number[] | null
  /** Connections in flight at each reload; null: not told. */
  inFlightByReload: number[] | null
  /** Milliseconds that each reload took, without the case's proof. */
  reloadMs: number[]
  /** Milliseconds from the end of each reload until the accept queues were short again; empty where nobody looked. */
  drainMs: number[]
  /** Seconds of reloads that were planned. */
  seconds: number
  /** Microseconds that a fixed piece of work took, once a second. */
  spinsUs: number[]
  /** Microseconds by which the generator's own tick came late at most. */
  lateUs: number
  /** Microseconds by which the clocks of the two CPUs disagree. */
  clockSkewUs: number
  /** The share of the connections in flight that the server's side held; null: not told. */
  heldShare: number | null
  price: BootPrice
}

/**
 * Counts the events of one boot. A pure function.
 *
 * @throws Unmeasurable
 */
export function tally(events: Event[]): Tally {
  const { all, one } = bootEvents(events)
  const load = one('load')
  const counters = one('counters')
  const reloads = all('reload')
  const lost = all('lost').flatMap(({ rows }) => rows)
  const rsts = all('rsts').flatMap(({ rows }) => rows)
  check({ all, one }, lost)

  const starts = reloads.map(({ start }) => start)
  const { wire, times, begun, seen, closedAlone, reused, givenUp } = reconcile(lost, rsts, counters.growth.OutRsts ?? 0)
  const replies = resetsOnWire(rsts).connections.filter(({ active }) => active === false)
  const attributed = attribute(times, starts)
  const byReload = (times: number[]) => attribute(times, starts).byReload
  const lostAt = lost.map((row) => (row[0] === 'T' ? waitedFrom(row) : row[3]))
  const slots = joinSlots(all('slots'))
  const [service] = all('service')
  const resets = load.resetBefore + load.resetAfter
  const ab = abOf(all('ab'))
  return {
    connections: load.begun,
    ok: load.ok,
    resets,
    resetsBeforeRequest: load.resetBefore,
    resetsAfterRequest: load.resetAfter,
    refused: load.refused,
    timeouts: load.timeout,
    short: load.short,
    other: load.other,
    injectErrs: load.injectErrs,
    injectHits: load.injectHits,
    ab,
    wire: { ...wire, sentAgain: repliesInReloads(rsts, reloads) },
    causes: ab
      ? causesOfAb(counters.growth, { seen, closedAlone })
      : causesOf(counters.growth, {
          resets,
          refused: load.refused,
          unconnected: load.unconnected,
          closedByClients: one('load-start').closeWithRst
            ? load.ok + load.short + load.other + load.timeout - load.unconnected
            : 0,
          // Only where the server speaks first can it greet one that has gone.
          givenUp: one('load-start').closeWithRst ? 0 : Math.min(givenUp, load.ungreeted),
          ungreeted: load.ungreeted,
          // What the wire shows beside them reset nobody that the generator knows of.
          active: wire.active === null ? null : seen.filter(({ active }) => active).length,
          replies: seen.filter(({ active }) => active === false).length,
          reused,
        }),
    resetsByReload: attributed.byReload,
    repliesByReload: wire.active === null ? null : byReload(replies.map(({ time }) => time)),
    refusedByReload: byReload(lost.filter(([how]) => how === 'R').map(([, , , ended]) => ended)),
    // A reset may come during one reload and be noticed during the next: both had something to lose.
    exposedByReload: slots && exposedReloads(reloads, slots, byReload([...times, ...lostAt])),
    heldByReload: slots && heldAtReloads(reloads, slots),
    inFlightByReload: slots && inFlightAtReloads(reloads, slots, lost),
    resetsByPart: byPart(
      times.map((time, i) => ({ time, begun: begun[i]! })),
      reloads,
    ),
    resetsBeforeReloads: attributed.before,
    kept: keptOf({ all, one }, lost, reused.times, starts),
    proof: proofOf({ all, one }),
    service: service ? { asked: service.asked, answered: service.answered } : null,
    waiting: load.waiting,
    undrained: reloads.filter(({ waiting = 0 }) => waiting > 0).length,
    reloadMs: reloads.map(({ closed, reloaded, proved = reloaded }) => (closed - proved + reloaded) / 1000),
    drainMs: reloads.flatMap(({ closed, drained }) => (drained === undefined ? [] : (drained - closed) / 1000)),
    seconds: one('reloading').seconds,
    spinsUs: all('tick').flatMap(({ spinUs }) => spinUs ?? []),
    lateUs: lateness(all('tick')),
    clockSkewUs: all('clocks')[0]?.backwards ?? 0,
    cpu: sharesOf(events),
    heldShare: heldShareOf(events),
    price: bootPrice({ all, one }),
  }
}

/** The numbers that the case's proof printed. The case says whether they are enough. */
function proofOf({ all }: BootEvents): Tally['proof'] {
  const [end] = all('proof')
  if (end) return { value: end.value, byReload: null }
  const byReload = all('reload').flatMap(({ proof }) => proof ?? [])
  return byReload.length ? { value: sum(byReload), byReload } : null
}

/**
 * Each connection ends in one way, each loss has its row, each success its latency, and each count covers the whole load.
 *
 * @throws Unmeasurable
 */
function check({ all, one }: BootEvents, lost: LostRows) {
  const load = one('load')
  const { tapDropped, t: countersRead, growth } = one('counters')
  const opened = growth.ActiveOpens ?? 0
  const broken =
    accountMistake({ all, one }, lost) ??
    keptMistake({ all, one }, lost) ??
    abMistake(all('ab'), one('load-start').abRequests)
  if (broken) throw new Unmeasurable(`the account does not add up: ${broken}`)
  if (tapDropped)
    throw new Unmeasurable(`the packet socket lost ${plural(tapDropped, 'packet')}, which the wire's count lacks`)
  if (one('watching').t > load.firstUs) throw new Unmeasurable('the load began before the RSTs were watched')
  // A few more are the lab's own. Of clients elsewhere all are missing, and no cause could be told.
  if (opened < load.begun - load.other)
    throw new Unmeasurable(
      `the kernel opened ${opened} connections (ActiveOpens), but the generator began ${load.begun}`,
    )
  if (countersRead < load.lastUs)
    throw new Unmeasurable("the kernel's counters were read before the last connection ended")
  const deviation = offCourse({ all, one })
  if (deviation) throw new Unmeasurable(deviation)
}

/** The first sum that does not hold, in words; null when all do. */
function accountMistake({ all, one }: BootEvents, lost: LostRows): string | null {
  const load = one('load')
  const losses = load.resetBefore + load.resetAfter + load.refused + load.timeout + load.short + load.other
  const timed = sum(all('latency').flatMap(({ buckets }) => buckets.map(([, connections]) => connections)))
  const slots = all('slots').flatMap(({ rows }) => rows)
  const rules: [holds: boolean, sentence: string][] = [
    [load.begun > 0, 'the generator began no connection'],
    [load.ok + losses === load.begun, `${load.ok} ok and ${losses} lost are not ${load.begun} connections`],
    ...Object.entries(LOST).map(([how, total]): [boolean, string] => {
      const rows = lost.filter(([its]) => its === how).length
      return [rows === load[total], `${rows} rows for ${load[total]} connections lost as "${total}"`]
    }),
    ...all('phases').map(({ quiet, reloads }): [boolean, string] => [
      quiet.begun + reloads.begun === load.begun,
      `phases with ${quiet.begun} and ${reloads.begun} connections, but ${load.begun} were begun`,
    ]),
    ...(slots.length ? (['begun', 'ok'] as const) : []).map((what, column): [boolean, string] => {
      const total = sum(slots.map((row) => row[column]!))
      return [total === load[what], `slots with ${total} connections ${what}, but ${load[what]} were`]
    }),
    [timed === load.ok, `latencies of ${timed} connections, but ${load.ok} ended well`],
  ]
  return rules.find(([holds]) => !holds)?.[1] ?? null
}
