import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type CaseFile, FEATURES } from '../../model/case/case.ts'
import type { Features } from '../../model/cell.ts'
import type { Measured } from '../../model/result/measured.ts'
import { judged, LOAD, measured, NONE } from '../fixture.ts'
import { differenceP } from '../statistics/difference.ts'
import { judge, type VerdictInput } from './verdict.ts'

const ZERO = [0, 0, 0, 0, 0, 0]

const verdict = (found: Measured, tested: Partial<CaseFile> = {}, more: Partial<VerdictInput> = {}, control = NONE) =>
  judge(judged(found, tested, more), control)

const theory = (resets: 'none' | 'some' | 'fewer' | 'more') => ({ expects: [{ resets, because: 'theory says so' }] })

/** Numbers with so many refused connections, in all counts, at its last reload. */
function refused(count: number, resetsByReload: number[], fromClient = 0): Measured {
  const refusedByReload = resetsByReload.map((_, i) => (i === resetsByReload.length - 1 ? count : 0))
  const found = measured(resetsByReload, { refused: count, refusedByReload })
  const fromServer = found.resets + count
  const wire = { ...found.wire, refusals: count, fromServer, fromClient, outRsts: fromServer + fromClient }
  return { ...found, wire }
}

test('no reset where theory wants none, beside a live control', () => {
  const { verdict: is, reason } = verdict(measured(ZERO))
  assert.is(is, 'expected')
  assert.match(
    reason,
    /0 resets in 6 exposed of 6 reloads: at most 39.3 % of exposed reloads lose connections; without a mitigation 100 % do, p = /,
  )
})

test('no reset beside a dead control, a doubtful one, or none at all, says nothing', () => {
  const dead = { ...NONE, measured: measured(ZERO) }
  const doubtful = { ...NONE, boots: NONE.boots.map((boot) => ({ ...boot, clockSkewUs: 7 })) }
  assert.match(verdict(measured(ZERO), {}, {}, dead).reason, 'lost nothing')
  assert.match(verdict(measured(ZERO), {}, {}, doubtful).reason, 'the clocks of the CPUs disagree by 7 µs')
  for (const control of [dead, doubtful, undefined])
    assert.is(judge(judged(measured(ZERO)), control).verdict, 'inconclusive')
})

/** The same on a machine with such a CPU. */
const on = (cpu: string, cell: VerdictInput): VerdictInput => ({
  ...cell,
  boots: cell.boots.map((boot) => ({ ...boot, machine: { cpu, cpus: 2, kernel: '6' } })),
})

test('a control on another kind of CPU is none', () => {
  const zero = judged(measured(ZERO))
  assert.is(judge(on('X', zero), on('X', NONE)).verdict, 'expected')
  const { verdict: is, reason } = judge(on('X', zero), on('Y', NONE))
  assert.is(is, 'inconclusive')
  assert.match(reason, 'the positive control "none" ran on another kind of CPU, which is no comparison: X; Y')
})

test('no price is told against another kind of CPU', () => {
  const costly = judged(measured(ZERO, { throughput: 40, quietThroughput: 40 }))
  assert.match(judge(on('X', costly), on('X', NONE)).reason, '60 % fewer connections a second')
  assert.not.match(judge(on('X', costly), on('Y', NONE)).reason, 'fewer connections')
})

test('a case that names what it is compared with is judged by that', () => {
  const against = { against: 'shards' }
  const shards = { ...NONE, case: { ...NONE.case, name: 'shards', control: undefined } }
  assert.match(verdict(measured(ZERO), against, {}, shards).reason, '; with "shards" 100 % do, p = ')
  const dead = { ...shards, measured: measured(ZERO) }
  assert.match(verdict(measured(ZERO), against, {}, dead).reason, 'the case "shards" lost nothing')
  assert.match(judge(judged(measured(ZERO), against), undefined).reason, 'the case "shards" did not run')
})

test('more than a control that lost nothing is more', () => {
  const dead = { ...NONE, measured: measured(ZERO) }
  const more = { expects: [{ resets: 'more' as const, because: 'all is cut' }] }
  assert.is(verdict(NONE.measured, more, {}, dead).verdict, 'expected')
  assert.is(verdict(measured(ZERO), more, {}, dead).verdict, 'inconclusive')
})

test('a control that lost connections is alive, however many it refused', () => {
  const wrapped = { ...NONE, measured: { ...refused(333, [10, 12, 9, 11, 10, 12], 1220), connections: 72_981 } }
  const boots = wrapped.boots.map((boot) => ({ ...boot, ...wrapped.measured }))
  assert.is(verdict(measured(ZERO), {}, {}, { ...wrapped, boots }).verdict, 'expected')
  const own = judge({ ...wrapped, boots }, undefined)
  assert.is(own.verdict, 'contradicts', 'the case does not say that it refuses')
  const outage = { expects: [{ resets: 'some' as const, refused: 'some' as const, because: 'it stops' }] }
  const { verdict: is, reason } = judge({ ...wrapped, boots, case: { ...wrapped.case, ...outage } }, undefined)
  assert.is(is, 'expected')
  assert.match(reason, /; at least 333 refused$/)
  // One that only refused is alive, too, but shows no reset.
  const refusing = { ...NONE, measured: { ...refused(60, ZERO), refusedByReload: ZERO.map(() => 10) } }
  assert.is(verdict(measured(ZERO), {}, {}, refusing).verdict, 'expected')
  const alone = judge({ ...refusing, case: { ...refusing.case, ...outage } }, undefined)
  assert.is(alone.verdict, 'inconclusive')
  assert.not.match(alone.reason, 'nothing was lost')
})

test('a number of refusals that is a lower bound is no number to compare', () => {
  const price = { price: { refused: true } } as const
  const fewer = [1, 0, 1, 0, 1, 0]
  assert.is(verdict(refused(7, fewer), { ...theory('fewer'), ...price }).verdict, 'expected')
  const vague = verdict(refused(7, fewer, 9), { ...theory('fewer'), ...price })
  assert.is(vague.verdict, 'inconclusive')
  assert.match(vague.reason, 'but refused is a lower bound: 9 SYNs')
  const understated = { ...NONE, measured: refused(7, [10, 12, 9, 11, 10, 12], 9) }
  const beside = verdict(measured(fewer), theory('fewer'), {}, understated)
  assert.is(beside.verdict, 'expected', 'fewer than a number that is higher still')
})

test('a reload that refuses loses, as one that resets does', () => {
  // Three of six reloads reset, and all refuse.
  const half = measured([1, 0, 1, 0, 1, 0], { refused: 60, refusedByReload: new Array(6).fill(10) })
  assert.match(
    verdict(measured(ZERO), {}, {}, { ...NONE, measured: half }).reason,
    'without a mitigation 100 % do, p =',
  )
  const refusing = verdict(refused(1, ZERO), { price: { refused: true } })
  assert.match(
    refusing.reason,
    /^0 resets in 6 exposed of 6 reloads; 16.7 % of them refuse connections, without a mitigation 100 % lose any/,
  )
})

test('zero counts only the reloads that had something to lose', () => {
  const few = measured(ZERO, { exposedByReload: [true, false, false, false, false, false] })
  assert.is(verdict(few).verdict, 'inconclusive', 'one exposed reload without a loss is no significant difference')
  assert.match(verdict(few).reason, '0 resets in 1 exposed of 6 reloads')
  // However sure the difference from a control that always loses the same.
  const always = { ...NONE, measured: measured(new Array(200).fill(16)) }
  const met = (exposed: number) => measured(ZERO, { exposedByReload: ZERO.map((_, i) => i < exposed) })
  assert.match(verdict(met(2), {}, {}, always).reason, 'at least 3 exposed reloads are needed')
  assert.is(verdict(met(3), {}, {}, always).verdict, 'expected')
  assert.is(verdict(measured(ZERO, { exposed: null, exposedByReload: null })).verdict, 'inconclusive')
})

test('a zero is compared by how many reloads lose anything, which one large loss does not blur', () => {
  const some = [122, ...new Array(8).fill(1), ...new Array(19).fill(0)]
  const zeros = measured(new Array(28).fill(0))
  const lossy = { ...NONE, measured: measured(some) }
  assert.ok(differenceP([zeros.resetsByReload], [some], 1) > 0.05)
  const { verdict: is, reason } = verdict(zeros, {}, {}, lossy)
  assert.is(is, 'expected')
  assert.match(reason, 'lose connections; without a mitigation 32.1 % do, p = 0.0')
  const once = { ...NONE, measured: measured([122, ...new Array(27).fill(0)]) }
  assert.match(verdict(zeros, {}, {}, once).reason, /without a mitigation 3.57 % do, p = .*, no significant difference/)
})

test('a reset, or a refusal, where theory wants none', () => {
  assert.is(verdict(measured([0, 0, 1])).verdict, 'contradicts')
  assert.is(verdict(refused(1, ZERO)).verdict, 'contradicts')
})

test('a load that has nothing to lose contradicts nobody', () => {
  const { verdict: is, reason } = judge({ ...NONE, measured: measured(ZERO) }, undefined)
  assert.is(is, 'inconclusive')
  assert.match(reason, 'nothing was lost, so this load cannot show')
  assert.is(judge(NONE, undefined).verdict, 'expected')
})

test('some resets are expected of a case: none contradicts beside a live control only', () => {
  assert.is(verdict(measured(ZERO), theory('some')).verdict, 'contradicts')
  assert.is(verdict(measured([3, 4, 5]), theory('some')).verdict, 'expected')
  // Where the control loses one in six reloads, six without a loss are no surprise.
  const rare = { ...NONE, measured: measured([1, 0, 0, 0, 0, 0]) }
  assert.is(verdict(measured(ZERO), theory('some'), {}, rare).verdict, 'inconclusive')
  assert.is(verdict(measured(ZERO), theory('some'), {}, { ...NONE, measured: measured(ZERO) }).verdict, 'inconclusive')
})

test('fewer and more are judged against the control, when the difference is sure and the machine quiet', () => {
  const fewer = measured([1, 0, 1, 0, 1, 0])
  assert.is(verdict(fewer, theory('fewer')).verdict, 'expected')
  assert.is(verdict(measured([30, 31, 29, 30, 33, 30]), theory('fewer')).verdict, 'contradicts')
  assert.is(verdict(measured([30, 31, 29, 30, 33, 30]), theory('more')).verdict, 'expected')
  assert.is(verdict(measured([10, 11, 10, 12, 9, 12]), theory('fewer')).verdict, 'inconclusive')
  assert.is(verdict(fewer, theory('fewer'), { noisy: true }).verdict, 'inconclusive')
  assert.is(verdict(fewer, theory('fewer'), {}, { ...NONE, noisy: true }).verdict, 'inconclusive')
})

test('a zero stays a zero on a noisy machine, whether theory expects it or just fewer', () => {
  for (const expected of ['none', 'fewer'] as const)
    for (const [own, control] of [
      [true, false],
      [false, true],
    ] as const)
      assert.is(
        verdict(measured(ZERO), theory(expected), { noisy: own }, { ...NONE, noisy: control }).verdict,
        'expected',
        `${expected} ${own} ${control}`,
      )
  const refusing = { ...theory('fewer'), price: { refused: true } } as const
  assert.is(verdict(refused(1, ZERO), refusing, { noisy: true }).verdict, 'inconclusive')
  assert.is(verdict(refused(1, ZERO), refusing).verdict, 'expected')
})

test('a case that starves its clients loses fewer, and not fewer where there was something to lose', () => {
  const starved = measured([20, 22, 21, 19, 0, 0, 0, 0, 0, 0], {
    exposedByReload: [true, true, true, true, false, false, false, false, false, false],
  })
  assert.ok(starved.resetsPerReload.mean < NONE.measured.resetsPerReload.mean)
  assert.is(verdict(starved, theory('fewer')).verdict, 'contradicts')
  assert.is(verdict(starved, theory('more')).verdict, 'expected')
})

test('the negative control', () => {
  const tested = { control: 'negative', reload: false } as const
  assert.is(verdict(measured([]), tested).verdict, 'expected')
  const lost = measured([1])
  assert.is(verdict({ ...lost, reloads: 0, resetsByReload: [] }, tested).verdict, 'contradicts')
})

test('the first expectation that holds for the kernel counts', () => {
  const tested: Partial<CaseFile> = {
    expects: [
      { linux: { below: '4.4' }, resets: 'some', because: 'old' },
      { linux: { from: '4.4' }, resets: 'none', because: 'new' },
    ],
  }
  const found = measured([3, 2, 1])
  assert.is(verdict(found, tested, { kernel: { series: '3.9', features: null } }).verdict, 'expected')
  assert.match(verdict(found, tested).reason, 'theory expects none: new')
})

test('what a kernel lacks is what its probes said, whatever its version', () => {
  const tested: Partial<CaseFile> = {
    expects: [
      { lacks: ['reuseport'], resets: 'some', refused: 'some', because: 'nobody listens' },
      { resets: 'none', because: 'it has it' },
    ],
  }
  const probed = (has: boolean) => {
    const answers = FEATURES.map((feature) => [feature, { has: feature === 'reuseport' ? has : true, said: '' }])
    return { kernel: { series: '2.6.32', features: Object.fromEntries(answers) as Features } }
  }
  assert.match(verdict(NONE.measured, tested, probed(true)).reason, 'theory expects none: it has it')
  assert.match(
    verdict(NONE.measured, tested, probed(false)).reason,
    'none were refused, theory expects some: nobody listens',
  )
  assert.is(verdict(refused(7, [10, 12, 9]), tested, probed(false)).verdict, 'expected')
})

test('theory may differ by the version of the proxy and by what connections carry, with a price of its own', () => {
  const expects: CaseFile['expects'] = [
    {
      exchange: 'keep-alive',
      proxy: { from: '2.4' },
      resets: 'some',
      price: { short: true },
      because: 'it closes them',
    },
    { resets: 'none', because: 'theory says so' },
  ]
  const lossy = measured([1, 0, 2, 0, 1, 1], { short: 3 })
  const exchange = { kind: 'keep-alive' as const, pauseMs: 20, requests: 10 }
  const load = { ...LOAD, closeWithRst: false, exchange }
  assert.is(verdict(lossy, { expects }, { load }).verdict, 'expected')
  assert.match(
    verdict(lossy, { expects }).reason,
    /theory expects none: .*; the case has an undeclared price: 3 cut short/,
  )
  assert.is(verdict(lossy, { expects }, { load, proxy: { version: '2.2.9' } }).verdict, 'contradicts')
})

test('resets of reused connections that nobody closed are in doubt', () => {
  const kept = { requests: 90, posts: 45, answers: 80, resets: 5, resetPosts: 2, resetIdle: 0, shorts: 0 }
  const found = measured([2, 3, 0], { kept: { ...kept, resetsByReload: [2, 3, 0] } })
  const { verdict: is, reason } = verdict(found, theory('some'))
  assert.is(is, 'inconclusive')
  assert.match(reason, /5 resets were of reused connections, of which .* show 0 closed by the proxy/)
})

test.run()
