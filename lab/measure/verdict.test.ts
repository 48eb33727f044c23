import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as v from 'valibot'
import { Case, type CaseFile, FEATURES } from '../../cases/case.ts'
import type { Features } from '../plan/cell.ts'
import type { Measured } from './result.ts'
import { type Judged, judge } from './verdict.ts'

const CASE: CaseFile = {
  name: 'some-case',
  title: 'A case',
  idea: 'One sentence.',
  source: 'a test',
  expects: [{ resets: 'none', because: 'theory says so' }],
  drawbacks: [],
}

/** What a cell measured that lost so many connections at each of its reloads. */
function measured(resetsByReload: number[], more: Partial<Measured> = {}): Measured {
  const resets = resetsByReload.reduce((a, b) => a + b, 0)
  const mean = resets / (resetsByReload.length || 1)
  return {
    reloads: resetsByReload.length,
    connections: 1000,
    resets,
    refused: 0,
    timeouts: 0,
    short: 0,
    other: 0,
    wire: { outRsts: resets, fromServer: resets, fromClient: 0, resets, refusals: 0, repeated: 0, afterEnd: 0 },
    resetsPerReload: { mean, low: mean / 2, high: mean * 2 || 0.5 },
    resetsByReload,
    resetsBeforeReloads: 0,
    ...more,
  } as Measured
}

const NONE = measured([10, 12, 9, 11, 10, 12])
const ZERO = [0, 0, 0, 0, 0, 0]

function verdict(
  found: Measured,
  {
    of = {} as Partial<CaseFile>,
    control = NONE as Measured | undefined,
    ...more
  }: { of?: Partial<CaseFile>; control?: Measured | undefined } & Partial<Judged> = {},
) {
  const judged = {
    case: v.parse(Case, { ...CASE, ...of }),
    guest: 'qemu' as const,
    kernel: { series: '6.1', features: null },
    pins: { proxy: '0', generator: '1', vcpus: ['0', '1'] },
    backwards: 0,
    seed: 1,
    measured: found,
    ...more,
  }
  return judge(judged, control)
}
const theory = (resets: 'none' | 'some' | 'fewer' | 'more') => ({
  of: { expects: [{ resets, because: 'theory says so' }] },
})

test('no reset where theory wants none, beside a live control', () => {
  const { verdict: is, reason } = verdict(measured(ZERO))
  assert.is(is, 'expected')
  assert.match(reason, '0 resets in 6 reloads: below 0.5 a reload; 10.7 a reload without a mitigation')
})

test('no reset beside a dead control, or none at all, says nothing', () => {
  assert.is(verdict(measured(ZERO), { control: measured(ZERO) }).verdict, 'inconclusive')
  const judged = {
    case: v.parse(Case, CASE),
    guest: 'qemu' as const,
    kernel: { series: '6.1', features: null },
    pins: { proxy: '0', generator: '1', vcpus: ['0', '1'] },
    backwards: 0,
    seed: 1,
    measured: measured(ZERO),
  }
  assert.is(judge(judged, undefined).verdict, 'inconclusive')
})

test('a reset, or a refusal, where theory wants none', () => {
  assert.is(verdict(measured([0, 0, 1])).verdict, 'contradicts')
  const refused = measured(ZERO, { refused: 1 })
  refused.wire.refusals = 1
  refused.wire.fromServer = refused.wire.outRsts = 1
  assert.is(verdict(refused).verdict, 'contradicts')
})

test('no "0 resets" hides other losses', () => {
  assert.match(verdict(measured(ZERO, { timeouts: 3 })).reason, '3 timed out')
})

test('a positive control that loses nothing contradicts', () => {
  assert.is(verdict(measured(ZERO), theory('some')).verdict, 'contradicts')
  assert.is(verdict(NONE, theory('some')).verdict, 'expected')
})

test('fewer and more are judged against the control, when the difference is sure', () => {
  assert.is(verdict(measured([1, 0, 1, 0, 1, 0]), theory('fewer')).verdict, 'expected')
  assert.is(verdict(measured([30, 31, 29, 30, 33, 30]), theory('fewer')).verdict, 'contradicts')
  assert.is(verdict(measured([30, 31, 29, 30, 33, 30]), theory('more')).verdict, 'expected')
  assert.is(verdict(measured([10, 11, 10, 12, 9, 12]), theory('fewer')).verdict, 'inconclusive')
})

test('the negative control', () => {
  const of = { control: 'negative', reload: false } as const
  assert.is(verdict(measured([]), { of }).verdict, 'expected')
  assert.is(
    verdict(measured([], { refused: 0, resets: 1, wire: { ...NONE.wire, outRsts: 1, fromServer: 1, resets: 1 } }), {
      of,
    }).verdict,
    'contradicts',
  )
})

test('counts that disagree', () => {
  const unseen = measured(ZERO)
  unseen.wire.outRsts = 2
  assert.match(verdict(unseen).reason, "kernel's OutRsts against packets on the wire: 2 against 0")
  assert.is(verdict(unseen).verdict, 'inconclusive')
})

test('whatever makes the numbers doubtful', () => {
  assert.match(verdict(measured(ZERO, { resetsBeforeReloads: 1 })).reason, '1 reset before the first reload')
  assert.match(verdict(measured([])).reason, 'no reload was made')
  assert.match(verdict(measured(ZERO), { backwards: 7 }).reason, '7 µs')
  assert.match(
    verdict(measured(ZERO), { pins: { proxy: '0', generator: '1', vcpus: ['0-1', '0-1'] } }).reason,
    'vCPU threads',
  )
  assert.match(
    verdict(measured(ZERO), { pins: { proxy: '0-1', generator: '1', vcpus: ['0', '1'] } }).reason,
    'not pinned apart',
  )
})

test('the first expectation that holds for the kernel counts', () => {
  const of: Partial<CaseFile> = {
    expects: [
      { linux: { below: '4.4' }, resets: 'some', because: 'old' },
      { linux: { from: '4.4' }, resets: 'none', because: 'new' },
    ],
  }
  assert.is(verdict(NONE, { of, kernel: { series: '3.9', features: null } }).verdict, 'expected')
  assert.match(verdict(NONE, { of, kernel: { series: '6.1', features: null } }).reason, 'theory: none, new')
})

test('what a kernel lacks is what its probes said, whatever its version', () => {
  const of: Partial<CaseFile> = {
    expects: [
      { lacks: ['reuseport'], resets: 'some', refused: 'some', because: 'nobody listens' },
      { resets: 'none', because: 'it has it' },
    ],
  }
  const probed = (has: boolean) => {
    const answers = FEATURES.map((feature) => [feature, { has: feature === 'reuseport' ? has : true, said: '' }])
    return { series: '2.6.32', features: Object.fromEntries(answers) as Features }
  }
  assert.match(verdict(NONE, { of, kernel: probed(true) }).reason, 'theory: none, it has it')
  assert.match(verdict(NONE, { of, kernel: probed(false) }).reason, 'none refused; theory: some, nobody listens')
  const refused = measured([10, 12, 9], { refused: 7 })
  refused.wire.refusals = 7
  refused.wire.fromServer = refused.wire.outRsts = 38
  assert.is(verdict(refused, { of, kernel: probed(false) }).verdict, 'expected')
})

test.run()
