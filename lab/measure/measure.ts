import { max, mean, median, quantile, sum } from 'simple-statistics'
import type { ProxyFacts } from '../model/cell.ts'
import type { Load } from '../model/load.ts'
import type { Measured } from '../model/measured.ts'
import { exposedResets } from './numbers/exposure.ts'
import { cappedShare, limitedBy } from './numbers/limit.ts'
import { priceOf } from './numbers/price.ts'
import { kernelResets } from './numbers/reconcile.ts'
import { COUNTS, type Tally } from './numbers/tally.ts'
import { meanInterval } from './statistics/interval.ts'
import { shareOver } from './statistics/tests.ts'
import { rateReached } from './verdict/overload.ts'

const MILLION = 1_000_000

/** How a cell was loaded, as far as its numbers depend on it. */
export interface Loaded {
  load: Load
  proxy: ProxyFacts
}

/**
 * What the boots of one cell say together. A pure function. Counts are summed up, reloads stand one boot after the
 * other, intervals are over reloads and boots.
 *
 * @param boots at least one
 */
export function measure(boots: Tally[], { load, proxy }: Loaded): Measured {
  const counts = Object.fromEntries(COUNTS.map((of) => [of, sum(boots.map((boot) => boot[of]))])) as Pick<
    Measured,
    (typeof COUNTS)[number]
  >
  const { connections, resets } = counts
  const resetsByReload = boots.flatMap((boot) => boot.resetsByReload)
  const reloads = resetsByReload.length
  const exposedByReload = together(boots.map((boot) => boot.exposedByReload))
  const resetsPerReload = meanInterval(boots.map((boot) => boot.resetsByReload))
  const perMillion = (perReload: number) => (perReload * reloads * MILLION) / connections
  const lengths = boots.flatMap(({ reloadMs }) => reloadMs)
  const spins = boots.flatMap(({ spinsUs }) => spinsUs)
  const wire = wireOver(boots)
  const price = priceOf(boots.map(({ paid }) => paid))
  const cpu = cpuOver(boots)
  return {
    reloads,
    exposed: countOf(exposedByReload),
    ...counts,
    kernelResets: kernelResets(wire),
    wire,
    causes: summed(boots.map(({ causes }) => causes)),
    resetsPerReload,
    lossyReloads: shareOver(
      boots.map((boot) => ({ hits: boot.resetsByReload.filter((count) => count > 0).length, n: metIn(boot) })),
    ),
    resetsPerMillion: (resets * MILLION) / connections,
    resetsPerMillionInterval: {
      low: perMillion(resetsPerReload.low),
      high: resetsPerReload.high === null ? null : perMillion(resetsPerReload.high),
    },
    resetsByReload,
    repliesByReload: together(boots.map((boot) => boot.repliesByReload)),
    refusedByReload: boots.flatMap(({ refusedByReload }) => refusedByReload),
    exposedByReload,
    resetsByPart: summed(boots.map(({ resetsByPart }) => resetsByPart)),
    capped: cappedShare(resetsByReload, load, proxy.maxaccept),
    limitedBy: limitedBy(
      {
        loop: load.loop,
        reached: rateReached({ load, ...price }),
        held: meanOf(boots.map(({ heldShare }) => heldShare)),
      },
      cpu,
    ),
    cpu,
    held: spreadOf(boots.map(({ heldByReload }) => heldByReload)),
    inFlight: spreadOf(boots.map(({ inFlightByReload }) => inFlightByReload)),
    proof: proofOver(boots),
    service: serviceOver(boots),
    ...price,
    reloadMs: lengths.length ? { p50: quantile(lengths, 0.5), max: max(lengths) } : { p50: 0, max: 0 },
    reloadsPerSecond: reloads / sum(boots.map(({ seconds }) => seconds)),
    spinUs: spins.length ? median(spins) : null,
    byBoot: boots.map(bootOf),
  }
}

const countOf = (list: boolean[] | null) => (list === null ? null : list.filter(Boolean).length)

/** Reloads of a boot that were exposed; all, where that was not told. */
const metIn = ({ exposedByReload, resetsByReload }: Tally) => countOf(exposedByReload) ?? resetsByReload.length

/** One boot on its own. */
function bootOf(boot: Tally): Measured['byBoot'][number] {
  const { resetsByReload, exposedByReload, connections, resets, refused, causes, paid, spinsUs } = boot
  const { throughput, quietThroughput } = priceOf([paid])
  return {
    reloads: resetsByReload.length,
    exposed: countOf(exposedByReload),
    connections,
    resets,
    refused,
    causes,
    resetsPerReload: resetsByReload.length ? mean(resetsByReload) : 0,
    throughput,
    quietThroughput,
    spinUs: spinsUs.length ? median(spinsUs) : null,
  }
}

/** Lists one after the other; null where one of them was not told. */
const together = <T>(lists: (T[] | null)[]): T[] | null => (lists.every((list) => list !== null) ? lists.flat() : null)

/** Counts by name, summed up over the boots. */
function summed<T extends Record<string, number>>(all: T[]): T {
  const names = Object.keys(all[0]!) as (keyof T)[]
  return Object.fromEntries(names.map((name) => [name, sum(all.map((one) => one[name]!))])) as T
}

function wireOver(boots: Tally[]): Measured['wire'] {
  const told = boots.every(({ wire }) => wire.active !== null)
  return {
    ...summed(boots.map(({ wire }) => ({ ...wire, active: wire.active ?? 0 }))),
    ...(told ? {} : { active: null }),
  }
}

const cpuOver = (boots: Tally[]): Measured['cpu'] => ({
  proxy: meanOf(boots.map(({ cpu }) => cpu.proxy)),
  generator: meanOf(boots.map(({ cpu }) => cpu.generator)),
})

/** Of numbers that each reload has; null where they were not told, or there was no reload. */
function spreadOf(lists: (number[] | null)[]): Measured['held'] {
  const all = together(lists)
  return all?.length ? { mean: mean(all), max: max(all) } : null
}

const meanOf = (values: (number | null)[]): number | null =>
  values.every((value) => value !== null) ? mean(values) : null

function proofOver(boots: Tally[]): Measured['proof'] {
  const proofs = boots.map(({ proof }) => proof)
  if (!proofs.every((proof) => proof !== null)) return null
  return { value: sum(proofs.map(({ value }) => value)), byReload: together(proofs.map(({ byReload }) => byReload)) }
}

function serviceOver(boots: Tally[]): Measured['service'] {
  const services = boots.map(({ service }) => service)
  return services.every((service) => service !== null) ? summed(services) : null
}

/** Resets of a cell's reloads, boot by boot: what intervals and comparisons are made of. */
export function resetsByBoot(
  { byBoot, resetsByReload, exposedByReload }: Measured,
  which: 'all' | 'exposed',
): number[][] {
  const starts = byBoot.map((_, i) => sum(byBoot.slice(0, i).map(({ reloads }) => reloads)))
  return byBoot.map(({ reloads }, i) => {
    const part = [starts[i]!, starts[i]! + reloads] as const
    const resets = resetsByReload.slice(...part)
    if (which === 'all') return resets
    return exposedResets({ resetsByReload: resets, exposedByReload: exposedByReload?.slice(...part) ?? null })
  })
}
