import { mean, quantileSorted, sampleWithReplacement } from 'simple-statistics'
import * as v from 'valibot'
import { Case, type CaseFile } from '../model/case.ts'
import type { Measured } from '../model/measured.ts'
import { RESAMPLES, random, shareInterval } from './statistics/tests.ts'
import type { Judged } from './verdict/verdict.ts'

// For tests: cells that measured something, of which nothing can be doubted unless the test makes it so.

export const CASE: CaseFile = {
  name: 'some-case',
  title: 'A case',
  idea: 'One sentence.',
  source: 'a test',
  proof: 'reload',
  expects: [{ resets: 'none', because: 'theory says so' }],
  drawbacks: [],
}

/** What a cell measured that lost so many connections at each of its reloads, of their accept queue. */
export function measured(resetsByReload: number[], more: Partial<Measured> = {}): Measured {
  const resets = resetsByReload.reduce((a, b) => a + b, 0)
  const mean = resets / (resetsByReload.length || 1)
  const exposedByReload = more.exposedByReload ?? resetsByReload.map(() => true)
  const exposed = exposedByReload.filter(Boolean).length
  return {
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
    resetsBeforeReloads: 0,
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

/** A cell to judge. */
export const judged = (found: Measured, of: Partial<CaseFile> = {}, more: Partial<Judged> = {}): Judged => ({
  case: v.parse(Case, { reload: 'reload', ...CASE, ...of }),
  guest: 'qemu',
  kernel: { series: '6.1', features: null },
  boots: [
    {
      pins: { proxy: '0', generator: '1', vcpus: ['0', '1'], atEnd: null, byReload: null, byTick: null },
      backwards: 0,
      clocksource: 'tsc',
      ...found,
    },
  ],
  seed: 1,
  noisy: false,
  overloaded: null,
  measured: found,
  ...more,
})

/** The positive control: it loses connections at each reload. */
export const NONE = judged(measured([10, 12, 9, 11, 10, 12]), {
  name: 'none',
  control: 'positive',
  expects: [{ resets: 'some', because: 'theory says so' }],
})

/**
 * For tests: mean of `values`, one value a reload, with the ends of its 95 % interval by the percentile bootstrap, which
 * knows nothing of boots and little of few events. What is said of coverage must be able to refuse it.
 */
export function bootstrapMean(values: number[], seed: number): { mean: number; low: number; high: number | null } {
  if (values.every((value) => value === 0)) return { mean: 0, low: 0, high: null }
  const source = random(seed)
  const means = Array.from({ length: RESAMPLES }, () => mean(sampleWithReplacement(values, values.length, source)))
  means.sort((a, b) => a - b)
  return { mean: mean(values), low: quantileSorted(means, 0.025), high: quantileSorted(means, 0.975) }
}
