import { max, quantile, sum } from 'simple-statistics'
import type { Event, EventOf } from '../guest/events.ts'
import { attribute, byPart } from './attribute.ts'
import { latencies } from './latency.ts'
import { kernelResets, reconcile } from './reconcile.ts'
import type { Measured } from './result.ts'
import { bootstrapMean } from './statistics.ts'

/** An account that does not add up, or an event that is not there: nothing can be said from such events. */
export class Unmeasurable extends Error {}

const MILLION = 1_000_000

/**
 * What the events of one cell say. A pure function: the same events and seed give the same numbers.
 *
 * @param seed of the bootstrap that makes the intervals
 * @throws Unmeasurable
 */
export function measure(events: Event[], seed: number): Measured {
  const all = <E extends Event['e']>(e: E) => events.filter((event): event is EventOf<E> => event.e === e)
  const one = <E extends Event['e']>(e: E) => {
    const [event] = all(e)
    if (!event) throw new Unmeasurable(`the guest told no event "${e}"`)
    return event
  }
  const load = one('load')
  const counters = one('counters')
  const reloads = all('reload')
  const lost = all('lost').flatMap((event) => event.rows)
  const buckets = all('latency').flatMap((event) => event.buckets)
  check(load, lost, buckets)
  if (counters.tapDropped) throw new Unmeasurable(`the packet socket lost ${counters.tapDropped} RSTs`)

  const starts = reloads.map(({ start }) => start)
  const endsOf = (hows: string) => lost.filter(([how]) => hows.includes(how)).map(([, , , ended]) => ended)
  const resets = attribute(endsOf('AB'), starts)
  const wire = reconcile(
    lost,
    all('rsts').flatMap(({ rows }) => rows),
    counters.growth.OutRsts ?? 0,
  )
  const resetsPerReload = bootstrapMean(resets.byReload, seed)
  const perMillion = (perReload: number) => (load.begun ? (perReload * reloads.length * MILLION) / load.begun : 0)
  const lengths = reloads.map(({ closed }) => closed / 1000)
  const seconds = one('reloading').seconds

  return {
    reloads: reloads.length,
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
    resetsPerReload,
    resetsPerMillion: load.begun ? ((load.resetBefore + load.resetAfter) * MILLION) / load.begun : 0,
    resetsPerMillionInterval: { low: perMillion(resetsPerReload.low), high: perMillion(resetsPerReload.high) },
    resetsByReload: resets.byReload,
    refusedByReload: attribute(endsOf('R'), starts).byReload,
    resetsByPart: byPart(endsOf('AB'), reloads),
    resetsBeforeReloads: resets.before,
    ...latencies(buckets, load.maxUs),
    slow: load.slow,
    throughput: load.ok / ((load.lastUs - load.firstUs) / MILLION || 1),
    reloadMs: lengths.length ? { p50: quantile(lengths, 0.5), max: max(lengths) } : { p50: 0, max: 0 },
    reloadsPerSecond: reloads.length / seconds,
  }
}

/** Every connection ends in one way, every loss has its row, every success its latency. */
function check(load: EventOf<'load'>, lost: unknown[], buckets: [number, number][]) {
  const losses = load.resetBefore + load.resetAfter + load.refused + load.timeout + load.short + load.other
  const rules: [boolean, string][] = [
    [load.ok + losses === load.begun, `${load.ok} ok and ${losses} lost are not ${load.begun} connections`],
    [lost.length === losses, `${lost.length} rows of lost connections for ${losses} losses`],
    [sum(buckets.map(([, n]) => n)) === load.ok, `latencies are not those of ${load.ok} connections`],
    [load.begun > 0, 'the generator began no connection'],
  ]
  const broken = rules.find(([holds]) => !holds)
  if (broken) throw new Unmeasurable(`the account does not add up: ${broken[1]}`)
}
