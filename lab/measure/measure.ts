import { max, median, quantile, sum } from 'simple-statistics'
import { type Event, type EventOf, LOST } from '../guest/events.ts'
import { attribute, byPart } from './attribute.ts'
import { causesOf } from './causes.ts'
import { offCourse } from './course.ts'
import { exposedReloads, heldAtReloads, joinSlots } from './exposure.ts'
import { priceOf } from './price.ts'
import { kernelResets, reconcile, resetsOnWire } from './reconcile.ts'
import type { Measured } from './result.ts'
import { bootstrapMean, shareInterval } from './statistics.ts'

/** An account that does not add up, or an event that is not there: nothing can be said from such events. */
export class Unmeasurable extends Error {}

const MILLION = 1_000_000

/** The events of one cell, by name. */
export interface Told {
  all: <E extends Event['e']>(e: E) => EventOf<E>[]
  /** @throws Unmeasurable when the guest did not tell it */
  one: <E extends Event['e']>(e: E) => EventOf<E>
}

const told = (events: Event[]): Told => {
  const all = <E extends Event['e']>(e: E) => events.filter((event): event is EventOf<E> => event.e === e)
  return {
    all,
    one: (e) => {
      const [event] = all(e)
      if (!event) throw new Unmeasurable(`the guest told no event "${e}"`)
      return event
    },
  }
}

/**
 * What the events of one cell say. A pure function: the same events and seed give the same numbers.
 *
 * @param seed of the bootstrap that makes the intervals
 * @throws Unmeasurable
 */
export function measure(events: Event[], seed: number): Measured {
  const { all, one } = told(events)
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
  const exposed = slots && exposedReloads(reloads, slots, attribute(lostAt, starts).byReload)
  const met = exposed === null ? null : exposed.filter(Boolean).length
  const lossy = resets.byReload.filter((count) => count > 0).length
  const resetsPerReload = bootstrapMean(resets.byReload, seed)
  const perMillion = (perReload: number) => (perReload * reloads.length * MILLION) / load.begun
  const lengths = reloads.map(({ closed, reloaded, proved = reloaded }) => (closed - proved + reloaded) / 1000)
  const spins = all('tick').flatMap(({ spinUs }) => spinUs ?? [])
  const service = all('service')[0]

  return {
    reloads: reloads.length,
    exposed: met,
    connections: load.begun,
    ok: load.ok,
    resets: load.resetBefore + load.resetAfter,
    resetsBeforeRequest: load.resetBefore,
    resetsAfterRequest: load.resetAfter,
    refused: load.refused,
    timeouts: load.timeout,
    short: load.short,
    other: load.other,
    injectErrs: load.injectErrs,
    injectHits: load.injectHits,
    kernelResets: kernelResets(wire),
    wire,
    causes: causesOf(counters.growth, {
      resets: load.resetBefore + load.resetAfter,
      refused: load.refused,
      unconnected: load.unconnected ?? load.timeout,
      active: wire.active,
    }),
    resetsPerReload,
    lossyReloads: shareInterval(lossy, met ?? reloads.length),
    resetsPerMillion: ((load.resetBefore + load.resetAfter) * MILLION) / load.begun,
    resetsPerMillionInterval: {
      low: perMillion(resetsPerReload.low),
      high: resetsPerReload.high === null ? null : perMillion(resetsPerReload.high),
    },
    resetsByReload: resets.byReload,
    repliesByReload:
      wire.active === null
        ? null
        : attribute(
            replies.map(({ time }) => time),
            starts,
          ).byReload,
    refusedByReload: attribute(
      lost.filter(([how]) => how === 'R').map(([, , , ended]) => ended),
      starts,
    ).byReload,
    exposedByReload: exposed,
    resetsByPart: byPart(times, reloads),
    resetsBeforeReloads: resets.before,
    held: slots && heldAtReloads(reloads, slots),
    proof: proofOf({ all, one }),
    service: service ? { asked: service.asked, answered: service.answered } : null,
    ...priceOf({ all, one }),
    waiting: load.waiting,
    reloadMs: lengths.length ? { p50: quantile(lengths, 0.5), max: max(lengths) } : { p50: 0, max: 0 },
    reloadsPerSecond: reloads.length / one('reloading').seconds,
    spinUs: spins.length ? median(spins) : null,
  }
}

/** What the case's proof printed. Whether that is enough, the case says. */
function proofOf({ all }: Told): { value: number; byReload: number[] | null } | null {
  const [end] = all('proof')
  if (end) return { value: end.value, byReload: null }
  const byReload = all('reload').flatMap(({ proof }) => proof ?? [])
  return byReload.length ? { value: sum(byReload), byReload } : null
}

/** Every connection ends in one way, every loss has its row, every success its latency, every count its whole time. */
function check({ all, one }: Told, lost: EventOf<'lost'>['rows']) {
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
