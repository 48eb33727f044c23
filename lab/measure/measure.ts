import { max, mean, median, quantile, sum } from 'simple-statistics'
import type { Load } from '../model/case/load.ts'
import type { ProxyFacts } from '../model/cell.ts'
import type { Measured } from '../model/result/measured.ts'
import { rateReached } from './doubts/overload.ts'
import { kernelResets } from './numbers/account/reconcile.ts'
import { cappedShare, limitedBy } from './numbers/limit.ts'
import { exposedResets } from './numbers/reloads/exposure.ts'
import { priceOf } from './numbers/reloads/price.ts'
import { COUNTS, type Tally } from './numbers/tally.ts'
import { levelAfter } from './statistics/looks.ts'
import { meanInterval } from './statistics/mean.ts'
import { type ShareEstimate, shareOver } from './statistics/share.ts'

const MILLION = 1_000_000

/** How a cell was loaded, as far as its numbers depend on it. */
export interface Loaded {
  load: Load
  proxy: ProxyFacts
  /** In a run until sure: the most boots that the cell could have, which decide the level of its intervals. */
  mostBoots?: number | null
}

/**
 * Combines the boots of one cell: counts are summed, reloads listed boot after boot, and intervals made over reloads and
 * boots. A pure function. The fields are explained in lab/model/result/measured.ts.
 *
 * @param boots at least one
 */
export function measure(boots: Tally[], { load, proxy, mostBoots = null }: Loaded): Measured {
  const counts = Object.fromEntries(COUNTS.map((name) => [name, sum(boots.map((boot) => boot[name]))])) as Pick<
    Measured,
    (typeof COUNTS)[number]
  >
  const { connections, resets } = counts
  const resetsByReload = boots.flatMap((boot) => boot.resetsByReload)
  const reloads = resetsByReload.length
  const exposedByReload = concatenated(boots.map((boot) => boot.exposedByReload))
  const level = levelAfter(boots.length, mostBoots)
  const resetsPerReload = meanInterval(
    boots.map((boot) => boot.resetsByReload),
    level,
  )
  // Each reset is one connection, so that no more than all are possible.
  const perMillion = (perReload: number) => Math.min(MILLION, (perReload * reloads * MILLION) / connections)
  const reloadMs = boots.flatMap((boot) => boot.reloadMs)
  const drainMs = boots.flatMap((boot) => boot.drainMs)
  const spins = boots.flatMap(({ spinsUs }) => spinsUs)
  const wire = wireOver(boots)
  const price = priceOf(boots.map((boot) => boot.price))
  const cpu = cpuOver(boots)
  return {
    level,
    reloads,
    exposed: trueCount(exposedByReload),
    ...counts,
    kernelResets: kernelResets(wire),
    wire,
    ab: abOver(boots),
    causes: summed(boots.map(({ causes }) => causes)),
    resetsPerReload,
    lossyReloads: shareOver(
      boots.map((boot) => ({ hits: boot.resetsByReload.filter((count) => count > 0).length, n: exposedOrAll(boot) })),
      level,
    ),
    resetsPerMillion: (resets * MILLION) / connections,
    resetsPerMillionInterval: {
      low: perMillion(resetsPerReload.low),
      high: resetsPerReload.high === null ? null : perMillion(resetsPerReload.high),
    },
    resetsByReload,
    repliesByReload: concatenated(boots.map((boot) => boot.repliesByReload)),
    refusedByReload: boots.flatMap(({ refusedByReload }) => refusedByReload),
    exposedByReload,
    resetsByPart: summed(boots.map(({ resetsByPart }) => resetsByPart)),
    capped: cappedShare(resetsByReload, load, proxy.maxaccept),
    limitedBy: limitedBy(
      {
        loop: load.loop,
        reached: rateReached({ load, ...price }),
        held: meanOrNull(boots.map(({ heldShare }) => heldShare)),
      },
      cpu,
    ),
    cpu,
    kept: keptOver(boots),
    held: meanAndMax(boots.map(({ heldByReload }) => heldByReload)),
    inFlight: meanAndMax(boots.map(({ inFlightByReload }) => inFlightByReload)),
    proof: proofOver(boots),
    service: serviceOver(boots),
    ...price,
    reloadMs: reloadMs.length ? { p50: quantile(reloadMs, 0.5), max: max(reloadMs) } : { p50: 0, max: 0 },
    drainMs: drainMs.length ? { p50: quantile(drainMs, 0.5), max: max(drainMs) } : null,
    reloadsPerSecond: reloads / sum(boots.map(({ seconds }) => seconds)),
    spinUs: spins.length ? median(spins) : null,
    byBoot: boots.map(measureBootAlone),
  }
}

const trueCount = (list: boolean[] | null) => (list === null ? null : list.filter(Boolean).length)

/** Exposed reloads of a boot; all of them where the guest did not tell which were. */
const exposedOrAll = ({ exposedByReload, resetsByReload }: Tally) => trueCount(exposedByReload) ?? resetsByReload.length

function measureBootAlone(boot: Tally): Measured['byBoot'][number] {
  const { resetsByReload, exposedByReload, connections, resets, refused, causes, price, spinsUs } = boot
  const { throughput, quietThroughput } = priceOf([price])
  return {
    reloads: resetsByReload.length,
    exposed: trueCount(exposedByReload),
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

/** Lists one after the other; null where any of them is. */
const concatenated = <T>(lists: (T[] | null)[]): T[] | null =>
  lists.every((list) => list !== null) ? lists.flat() : null

/** Counts by name, summed over the boots. */
function summed<T extends Record<string, number>>(boots: T[]): T {
  const names = Object.keys(boots[0]!) as (keyof T)[]
  return Object.fromEntries(names.map((name) => [name, sum(boots.map((boot) => boot[name]!))])) as T
}

function wireOver(boots: Tally[]): Measured['wire'] {
  const told = boots.every(({ wire }) => wire.active !== null)
  return {
    ...summed(boots.map(({ wire }) => ({ ...wire, active: wire.active ?? 0 }))),
    ...(told ? {} : { active: null }),
  }
}

const cpuOver = (boots: Tally[]): Measured['cpu'] => ({
  proxy: meanOrNull(boots.map(({ cpu }) => cpu.proxy)),
  generator: meanOrNull(boots.map(({ cpu }) => cpu.generator)),
})

/** Over all reloads of all boots; null where any boot lacks the numbers, or there was no reload. */
function meanAndMax(lists: (number[] | null)[]): Measured['held'] {
  const all = concatenated(lists)
  return all?.length ? { mean: mean(all), max: max(all) } : null
}

function keptOver(boots: Tally[]): Measured['kept'] {
  const all = boots.flatMap(({ kept }) => kept ?? [])
  if (all.length < boots.length) return null
  return {
    ...summed(all.map(({ resetsByReload: _, ...counts }) => counts)),
    resetsByReload: all.flatMap(({ resetsByReload }) => resetsByReload),
  }
}

function abOver(boots: Tally[]): Measured['ab'] {
  const all = boots.flatMap(({ ab }) => ab ?? [])
  return all.length < boots.length ? null : summed(all)
}

const meanOrNull = (values: (number | null)[]): number | null =>
  values.every((value) => value !== null) ? mean(values) : null

function proofOver(boots: Tally[]): Measured['proof'] {
  const proofs = boots.map(({ proof }) => proof)
  if (!proofs.every((proof) => proof !== null)) return null
  return {
    value: sum(proofs.map(({ value }) => value)),
    byReload: concatenated(proofs.map(({ byReload }) => byReload)),
  }
}

function serviceOver(boots: Tally[]): Measured['service'] {
  const services = boots.map(({ service }) => service)
  return services.every((service) => service !== null) ? summed(services) : null
}

/** Resets by reload, a list a boot: the unit of intervals and comparisons. */
export const resetsByBoot = (cell: Measured, which: 'all' | 'exposed') => countsByBoot(cell, cell.resetsByReload, which)

/** Connections that each exposed reload reset or refused, a list a boot. */
export const hitsByBoot = (cell: Measured) =>
  countsByBoot(
    cell,
    cell.resetsByReload.map((resets, i) => resets + cell.refusedByReload[i]!),
    'exposed',
  )

/** The share of the exposed reloads that reset or refused any connection. */
export const lossyShare = (cell: Measured): ShareEstimate =>
  shareOver(
    hitsByBoot(cell).map((hits) => ({ hits: hits.filter(Boolean).length, n: hits.length })),
    cell.level,
  )

function countsByBoot({ byBoot, exposedByReload }: Measured, counts: number[], which: 'all' | 'exposed'): number[][] {
  const starts = byBoot.map((_, i) => sum(byBoot.slice(0, i).map(({ reloads }) => reloads)))
  return byBoot.map(({ reloads }, i) => {
    const part = [starts[i]!, starts[i]! + reloads] as const
    const its = counts.slice(...part)
    if (which === 'all') return its
    return exposedResets({ resetsByReload: its, exposedByReload: exposedByReload?.slice(...part) ?? null })
  })
}
