import { sum } from 'simple-statistics'
import { type Event, type EventOf, LOST } from '../../model/events.ts'
import type { Measured } from '../../model/measured.ts'
import { attribute, byPart } from './attribute.ts'
import { type BootEvents, bootEvents, Unmeasurable } from './boot-events.ts'
import { causesOf } from './causes.ts'
import { offCourse } from './course.ts'
import { exposedReloads, heldAtReloads, inFlightAtReloads, joinSlots } from './exposure.ts'
import { heldShareOf, sharesOf } from './limit.ts'
import { type Paid, paidOf } from './price.ts'
import { reconcile, resetsOnWire } from './reconcile.ts'

/** Counts of a boot that are summed up over the boots of a cell. */
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
] as const satisfies (keyof Measured)[]

/** What one boot of a cell told, in numbers that can be put together with those of its other boots. */
export interface Tally
  extends Pick<
    Measured,
    | (typeof COUNTS)[number]
    | 'wire'
    | 'causes'
    | 'resetsByReload'
    | 'repliesByReload'
    | 'refusedByReload'
    | 'exposedByReload'
    | 'resetsByPart'
    | 'proof'
    | 'service'
  > {
  /** Connections that the server's side held at each reload; null: not told. */
  heldByReload: number[] | null
  /** Connections that had begun and not ended at each reload; null: not told. */
  inFlightByReload: number[] | null
  /** Milliseconds that each reload took, its proof not. */
  reloadMs: number[]
  /** Seconds of reloads that were planned. */
  seconds: number
  /** Microseconds that a fixed piece of work took, one a second. */
  spinsUs: number[]
  /** Microseconds by which the clocks of the two CPUs disagreed. */
  backwards: number
  cpu: Measured['cpu']
  /** Of the connections in flight, the share that the server's side held; null: not told. */
  heldShare: number | null
  paid: Paid
}

/**
 * What the events of one boot say. A pure function.
 *
 * @throws Unmeasurable
 */
export function tally(events: Event[]): Tally {
  const { all, one } = bootEvents(events)
  const load = one('load')
  const counters = one('counters')
  const reloads = all('reload')
  const lost = all('lost').flatMap((event) => event.rows)
  const rsts = all('rsts').flatMap((event) => event.rows)
  check({ all, one }, lost)

  const starts = reloads.map(({ start }) => start)
  const { wire, times } = reconcile(lost, rsts, counters.growth.OutRsts ?? 0)
  const replies = resetsOnWire(rsts).connections.filter(({ active }) => active === false)
  const resets = attribute(times, starts)
  const lostAt = lost.map(([how, , begun, ended]) => (how === 'T' ? begun : ended))
  const slots = joinSlots(all('slots'))
  const [service] = all('service')
  const byReload = (times: number[]) => attribute(times, starts).byReload
  const counted = {
    resets: load.resetBefore + load.resetAfter,
    refused: load.refused,
    unconnected: load.unconnected,
    active: wire.active,
  }
  return {
    connections: load.begun,
    ok: load.ok,
    resets: counted.resets,
    resetsBeforeRequest: load.resetBefore,
    resetsAfterRequest: load.resetAfter,
    refused: load.refused,
    timeouts: load.timeout,
    short: load.short,
    other: load.other,
    injectErrs: load.injectErrs,
    injectHits: load.injectHits,
    wire,
    causes: causesOf(counters.growth, counted),
    resetsByReload: resets.byReload,
    repliesByReload: wire.active === null ? null : byReload(replies.map(({ time }) => time)),
    refusedByReload: byReload(lost.filter(([how]) => how === 'R').map(([, , , ended]) => ended)),
    // A reset may come with one reload, and be noticed during the next.
    exposedByReload: slots && exposedReloads(reloads, slots, byReload([...times, ...lostAt])),
    heldByReload: slots && heldAtReloads(reloads, slots),
    inFlightByReload:
      slots &&
      inFlightAtReloads(
        reloads,
        slots,
        lost.map(([, , , ended]) => ended),
      ),
    resetsByPart: byPart(times, reloads),
    resetsBeforeReloads: resets.before,
    proof: proofOf({ all, one }),
    service: service ? { asked: service.asked, answered: service.answered } : null,
    waiting: load.waiting,
    reloadMs: reloads.map(({ closed, reloaded, proved = reloaded }) => (closed - proved + reloaded) / 1000),
    seconds: one('reloading').seconds,
    spinsUs: all('tick').flatMap(({ spinUs }) => spinUs ?? []),
    backwards: all('clocks')[0]?.backwards ?? 0,
    cpu: sharesOf(events),
    heldShare: heldShareOf(events),
    paid: paidOf({ all, one }),
  }
}

/** What the case's proof printed. Whether that is enough, the case says. */
function proofOf({ all }: BootEvents): Tally['proof'] {
  const [end] = all('proof')
  if (end) return { value: end.value, byReload: null }
  const byReload = all('reload').flatMap(({ proof }) => proof ?? [])
  return byReload.length ? { value: sum(byReload), byReload } : null
}

/** Every connection ends in one way, every loss has its row, every success its latency, every count its whole time. */
function check({ all, one }: BootEvents, lost: EventOf<'lost'>['rows']) {
  const load = one('load')
  const { tapDropped, t: read } = one('counters')
  const answered = all('latency').flatMap(({ buckets }) => buckets.map(([, connections]) => connections))
  const slots = all('slots').flatMap(({ rows }) => rows)
  const losses = load.resetBefore + load.resetAfter + load.refused + load.timeout + load.short + load.other
  const rules: [boolean, string][] = [
    [load.begun > 0, 'the generator began no connection'],
    [load.ok + losses === load.begun, `${load.ok} ok and ${losses} lost are not ${load.begun} connections`],
    ...Object.entries(LOST).map(([how, total]): [boolean, string] => {
      const rows = lost.filter(([its]) => its === how).length
      return [rows === load[total], `${rows} rows of ${load[total]} connections lost by ${total}`]
    }),
    ...all('phases').map(({ quiet, reloads }): [boolean, string] => [
      quiet.begun + reloads.begun === load.begun,
      `phases of ${quiet.begun} and ${reloads.begun} are not ${load.begun} connections`,
    ]),
    ...(slots.length ? ([0, 1] as const) : []).map((column): [boolean, string] => {
      const [told, total] = [sum(slots.map((row) => row[column])), column ? load.ok : load.begun]
      return [told === total, `slots of ${told} connections are not ${total}`]
    }),
    [sum(answered) === load.ok, `latencies are not those of ${load.ok} connections`],
  ]
  const broken = rules.find(([holds]) => !holds)
  if (broken) throw new Unmeasurable(`the account does not add up: ${broken[1]}`)
  if (tapDropped) throw new Unmeasurable(`the packet socket lost ${tapDropped} RSTs`)
  if (one('watching').t > load.firstUs) throw new Unmeasurable('the load began before the RSTs were watched')
  if (read < load.lastUs) throw new Unmeasurable("the kernel's counters were read before the last connection ended")
  const off = offCourse({ all, one })
  if (off) throw new Unmeasurable(off)
}
