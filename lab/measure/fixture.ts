import { mean, quantileSorted, sampleWithReplacement, sum } from 'simple-statistics'
import * as v from 'valibot'
import { Case, type CaseFile } from '../model/case/case.ts'
import type { Measured } from '../model/result/measured.ts'
import type { BootPrice } from './numbers/reloads/price.ts'
import { RESAMPLES } from './statistics/difference.ts'
import { LEVEL } from './statistics/looks.ts'
import { random } from './statistics/random.ts'
import { shareInterval } from './statistics/share.ts'
import type { VerdictInput } from './verdict/verdict.ts'

// For tests: measured cells that leave no doubt unless the test adds one.

export const CASE: CaseFile = {
  name: 'some-case',
  title: 'A case',
  idea: 'One sentence.',
  source: 'a test',
  proof: 'reload',
  expects: [{ resets: 'none', because: 'theory says so' }],
  drawbacks: [],
}

/** Of a few users, who hardly wait for each other. */
export const LOAD = {
  ...{ loop: 'closed' as const, users: 1, slowMs: 200 },
  ...{ closeWithRst: false, exchange: { kind: 'request' as const } },
}

/** The numbers of a cell that lost so many connections at each of its reloads, from the accept queue. */
export function measured(resetsByReload: number[], more: Partial<Measured> = {}): Measured {
  const resets = sum(resetsByReload)
  const mean = resets / (resetsByReload.length || 1)
  const exposedByReload = more.exposedByReload ?? resetsByReload.map(() => true)
  const exposed = exposedByReload.filter(Boolean).length
  return {
    level: LEVEL,
    reloads: resetsByReload.length,
    exposed,
    exposedByReload,
    connections: 1000,
    resets,
    refused: 0,
    timeouts: 0,
    short: 0,
    other: 0,
    wire: {
      outRsts: resets,
      fromServer: resets,
      fromClient: 0,
      resets,
      active: resets,
      refusals: 0,
      repeated: 0,
      missing: 0,
      unmatched: 0,
      late: 0,
    },
    causes: { acceptQueue: resets, synRecv: 0, completing: 0, closed: 0, unexplained: 0 },
    resetsPerReload: { mean, low: mean / 2, high: mean ? mean * 2 : null },
    lossyReloads: shareInterval(resetsByReload.filter(Boolean).length, exposed),
    resetsByReload,
    refusedByReload: resetsByReload.map(() => 0),
    resetsBeforeReloads: 0,
    undrained: 0,
    drainMs: null,
    kept: null,
    resetsByPart: { before: 0, reload: resets, after: 0, closing: 0, settling: 0, pause: 0 },
    held: { mean: 12, max: 20 },
    proof: null,
    service: { asked: 32, answered: 32 },
    priced: 900,
    slow: 0,
    throughput: 100,
    quietThroughput: 120,
    byBoot: [{ reloads: resetsByReload.length }],
    ...more,
  } as Measured
}

/** The price of a cell's only boot. */
function priceOfBoot({ priced, slow, throughput, quietThroughput }: Measured): BootPrice {
  const us = 1_000_000
  return {
    reloads: { us, begun: priced, answered: throughput, slow, maxUs: 0, buckets: [] },
    quiet: { us, answered: quietThroughput ?? 0 },
  }
}

/** A cell to judge, with fields of its case and others replaced. */
export const judged = (
  found: Measured,
  tested: Partial<CaseFile> = {},
  more: Partial<VerdictInput> = {},
): VerdictInput => ({
  case: v.parse(Case, { reload: 'reload', ...CASE, ...tested }),
  guest: 'qemu',
  kernel: { series: '6.1', features: null },
  proxy: { version: '2.6.12' },
  load: { ...LOAD },
  boots: [
    {
      pins: { proxy: '0', generator: '1', vcpus: ['0', '1'], atEnd: null, byReload: null, byTick: null },
      clockSkewUs: 0,
      clocksource: 'tsc',
      price: priceOfBoot(found),
      ...found,
    },
  ],
  seed: 1,
  untilSure: false,
  noisy: false,
  overloaded: null,
  measured: found,
  ...more,
})

/** The positive control, which loses connections at each reload. */
export const NONE = judged(measured([10, 12, 9, 11, 10, 12]), {
  name: 'none',
  control: 'positive',
  expects: [{ resets: 'some', because: 'theory says so' }],
})

/**
 * The mean of `values`, one value a reload, with its 95 % interval by the percentile bootstrap. It knows nothing about
 * boots and little about few events: the tests of coverage must be able to reject it.
 */
export function bootstrapMean(
  values: number[],
  seed: number,
  resamples = RESAMPLES,
): { mean: number; low: number; high: number | null } {
  if (values.every((value) => value === 0)) return { mean: 0, low: 0, high: null }
  const source = random(seed)
  const means = Array.from({ length: resamples }, () => mean(sampleWithReplacement(values, values.length, source)))
  means.sort((a, b) => a - b)
  return { mean: mean(values), low: quantileSorted(means, 0.025), high: quantileSorted(means, 0.975) }
}
