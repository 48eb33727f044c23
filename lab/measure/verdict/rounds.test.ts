import { sum } from 'simple-statistics'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as v from 'valibot'
import { Case, type CaseFile } from '../../model/case/case.ts'
import type { Cell } from '../../model/cell.ts'
import { isMeasured, type MeasuredCell } from '../../model/result.ts'
import type { EndedBoot, MeasuredBoot } from '../boot.ts'
import { CASE } from '../fixture.ts'
import type { Tally } from '../numbers/tally.ts'
import { judgeAll } from './judged.ts'
import { nextRound } from './rounds.ts'

// What a run until sure does next, and what it makes of boots that tell these resets.

const MOST = 4

const cellOf = (name: string, more: Partial<CaseFile> = {}, other: Partial<Cell> = {}): Cell =>
  ({
    name,
    guest: 'qemu',
    accel: 'tcg',
    kernel: { name: '6.1.0', series: '6.1', features: null },
    proxy: { name: 'haproxy', version: '2.6.12', maxaccept: 4 },
    load: {
      ...{ name: 'users-80', loop: 'closed', users: 80, rate: null, capacity: null, duration: 2 },
      ...{ closeWithRst: false, exchange: { kind: 'request' } },
    },
    case: v.parse(Case, { reload: 'reload', ...CASE, name, ...more }),
    boots: MOST,
    untilSure: true,
    seed: 1,
    ...other,
  }) as unknown as Cell

const SOME = [{ resets: 'some' as const, because: 'theory' }]
const FEWER = [{ resets: 'fewer' as const, because: 'theory' }]
const none = cellOf('none', { control: 'positive', expects: SOME })
const zero = cellOf('zero')
const fewer = cellOf('fewer', { expects: FEWER })

/** A boot whose reloads reset so many connections, and that leaves no doubt unless the test adds one. */
function boot(
  cell: Cell,
  number: number,
  resetsByReload: number[],
  more: Partial<Tally> = {},
  waited = 0,
): MeasuredBoot {
  const resets = sum(resetsByReload)
  const zeros = resetsByReload.map(() => 0)
  const phase = { us: 2_000_000, begun: 2000, answered: 2000, slow: 0, maxUs: 5000, buckets: [[5000, 2000]] }
  const pins = { proxy: '0', generator: '1', vcpus: ['0', '1'], vcpusAtEnd: ['0', '1'] }
  const tally = {
    ...{ connections: 4000, ok: 4000 - resets, resets, resetsBeforeRequest: 0, resetsAfterRequest: resets },
    ...{ refused: 0, timeouts: 0, short: 0, other: 0, injectErrs: 0, injectHits: 0, resetsBeforeReloads: 0 },
    ...{ waiting: 0, undrained: 0, resetsByReload, repliesByReload: zeros, refusedByReload: zeros },
    exposedByReload: resetsByReload.map(() => true),
    resetsByPart: { before: 0, reload: resets, after: 0, closing: 0, settling: 0, pause: 0 },
    causes: { acceptQueue: resets, synRecv: 0, completing: 0, closed: 0, unexplained: 0 },
    wire: {
      ...{ outRsts: resets, fromServer: resets, fromClient: 0, resets, active: resets },
      ...{ refusals: 0, repeated: 0, missing: 0, unmatched: 0, late: 0 },
    },
    ...{ proof: null, service: { asked: 32, answered: 32 }, cpu: { proxy: 1, generator: 0.5 }, heldShare: 1 },
    ...{ heldByReload: zeros, inFlightByReload: zeros, reloadMs: zeros, drainMs: [], seconds: 2 },
    ...{ spinsUs: [100], clockSkewUs: 0, price: { reloads: phase, quiet: { us: 1_000_000, answered: 1000 } } },
    ...more,
  } as unknown as Tally
  const facts = { folder: `boot-${number}`, pins, waited, stolen: 0, clocksource: 'tsc', tookMs: 5000 }
  const seen = { proxy: '0', generator: '1', vcpus: ['0', '1'], atEnd: null, byReload: null, byTick: null }
  return { kind: 'done', cell, boot: number, facts, kernelVersion: '6.1', pins: seen, tally } as unknown as MeasuredBoot
}

const failed = (cell: Cell, number: number): EndedBoot =>
  ({ kind: 'failed', cell, boot: number, facts: {}, kernelVersion: null, reason: 'it died', consoleTail: [] }) as never

const LOSSY = [10, 12, 9, 11, 10, 12, 9]
const ZERO = [0, 0, 0, 0, 0, 0, 0]
/** About as many as LOSSY, so that no boot tells them apart. */
const ALIKE = [11, 10, 9, 12, 10, 11, 9]

const next = (cells: Cell[], ended: EndedBoot[]) =>
  nextRound(cells, ended).map(({ cell, boot }) => `${cell.name} ${boot}`)
const verdictOf = (cell: Cell, cells: Cell[], ended: EndedBoot[]) =>
  judgeAll(cells, ended).find((one) => one.folder === cell.name) as MeasuredCell

test('boots whose number is fixed are all due at once, and none twice', () => {
  const [a, b] = [cellOf('a', {}, { untilSure: false, boots: 2 }), cellOf('b', {}, { untilSure: false, boots: 1 })]
  assert.equal(next([a, b], []), ['a 1', 'b 1', 'a 2'])
  assert.equal(next([a, b], [boot(a, 1, ZERO), failed(b, 1)]), ['a 2'])
})

test('each cell boots once, and again only while it is undecided, with its control beside it', () => {
  const cells = [none, zero, fewer]
  assert.equal(next(cells, []), ['none 1', 'zero 1', 'fewer 1'])
  const first = [boot(none, 1, LOSSY), boot(zero, 1, ZERO), boot(fewer, 1, ALIKE)]
  assert.equal(next(cells, first), ['none 2', 'fewer 2'])
  assert.equal(next(cells, [...first, boot(none, 2, LOSSY)]), ['fewer 2'], 'a round that was interrupted')
  assert.equal(next(cells, [...first, boot(none, 2, LOSSY), boot(fewer, 2, ALIKE)]), ['none 3', 'fewer 3'])
  const few = [1, 0, 0, 2, 0, 1, 0]
  const sure = [...first, boot(none, 2, LOSSY), boot(fewer, 2, few)].with(2, boot(fewer, 1, few))
  assert.equal(next(cells, sure.slice(0, 3)), ['none 2', 'fewer 2'], 'one boot may be unlike its kind')
  assert.equal(next(cells, sure), [])
  const found = cells.map((cell) => verdictOf(cell, cells, sure))
  assert.equal(
    found.map(({ verdict, decidedAfter, boots }) => [verdict, decidedAfter, boots]),
    [
      ['expected', 1, 2],
      ['expected', 1, 1],
      ['expected', 2, 2],
    ],
  )
})

test('each look has a level of its own: p below 0.05 may not be enough', () => {
  const some = [10, 0, 12, 0, 9, 11, 0]
  const ended = [boot(none, 1, some), boot(zero, 1, ZERO)]
  const { verdict, reason, level } = verdictOf(zero, [none, zero], ended)
  const p = Number(/p = (\S+)/.exec(reason)![1])
  assert.ok(p > level && p > 0.05 * Math.sqrt(1 / MOST) - 1e-9, `${p} ${level}`)
  assert.is(verdict, 'inconclusive')
  assert.match(
    reason,
    /p = \S+ \(level 0.025\), no significant difference; to tell this difference takes about \d+ reloads in \d+ boots? of each/,
  )
  assert.equal(next([none, zero], ended), ['none 2', 'zero 2'])
  const both = [...ended, boot(none, 2, some), boot(zero, 2, ZERO)]
  assert.equal([verdictOf(zero, [none, zero], both).decidedAfter, next([none, zero], both)], [2, []])
  const fixed = [none, zero].map((cell) => ({ ...cell, untilSure: undefined, boots: 1 }))
  const alone = verdictOf(fixed[1]!, fixed, [boot(fixed[0]!, 1, [10, 0, 12, 8, 9, 11, 0]), boot(fixed[1]!, 1, ZERO)])
  assert.is(alone.verdict, 'expected', 'a single look may')
})

test('what others need of a control in later boots does not touch a verdict', () => {
  const cells = [none, zero, fewer]
  const first = [boot(none, 1, LOSSY), boot(zero, 1, ZERO), boot(fewer, 1, ALIKE)]
  const later = [boot(none, 2, ZERO), boot(fewer, 2, ALIKE)]
  const { verdict, decidedAfter, reason } = verdictOf(zero, cells, [...first, ...later])
  assert.equal([verdict, decidedAfter], ['expected', 1])
  assert.match(reason, 'without a mitigation 100 % do')
  assert.is(verdictOf(none, cells, [...first, ...later]).resetsByReload.length, 14, 'its own numbers are of both')
})

test('later boots of a control may put it in doubt, and nothing may make it undecided again', () => {
  const cells = [none, fewer]
  const first = [boot(none, 1, LOSSY), boot(fewer, 1, ALIKE)]
  const doubtful = [...first, boot(none, 2, LOSSY, { clockSkewUs: 9 }), boot(fewer, 2, ALIKE)]
  assert.equal(
    [verdictOf(none, cells, doubtful).verdict, verdictOf(none, cells, doubtful).decidedAfter],
    ['inconclusive', null],
  )
  assert.match(verdictOf(fewer, cells, doubtful).reason, 'is in doubt: boot 2: the clocks')
  assert.equal(next(cells, doubtful), [], 'more boots take no doubt away')
})

test('the limit ends a cell that nothing decides, and says what it would take', () => {
  const cells = [none, fewer]
  const all = [1, 2, 3, 4].flatMap((number) => [boot(none, number, LOSSY), boot(fewer, number, ALIKE)])
  assert.equal(next(cells, all), [])
  const { verdict, boots, mostBoots, decidedAfter, reason } = verdictOf(fewer, cells, all)
  assert.equal([verdict, boots, mostBoots, decidedAfter], ['inconclusive', MOST, MOST, null])
  assert.match(reason, 'no significant difference; to tell this difference takes about')
})

test('noise, a doubt about counts, a case that did not act and a guest that died get no more boots', () => {
  const cells = [none, fewer]
  const after = (...more: EndedBoot[]) => next(cells, more)
  assert.equal(after(boot(none, 1, LOSSY), boot(fewer, 1, ALIKE, {}, 0.9)), [], 'it waited for a CPU')
  assert.equal(after(boot(none, 1, LOSSY), boot(fewer, 1, ALIKE, { clockSkewUs: 9 })), [])
  assert.equal(after(boot(none, 1, LOSSY), failed(fewer, 1)), [])
  assert.equal(after(failed(none, 1), boot(fewer, 1, ALIKE)), [], 'nothing to compare with')
  const unproven = cellOf('unproven', { proof: { shows: 'packets', read: ['cat'], at: 'end' } })
  const ended = [boot(none, 1, LOSSY), boot(unproven, 1, ZERO, { proof: { value: 0, byReload: null } })]
  assert.equal(next([none, unproven], ended), [])
  assert.match(verdictOf(unproven, [none, unproven], ended).reason, 'the case did not act: 0 packets')
})

test('a control that has lost nothing yet may still, and a reset where none may be decides at once', () => {
  const cells = [none, zero]
  assert.equal(next(cells, [boot(none, 1, ZERO), boot(zero, 1, ZERO)]), ['none 2', 'zero 2'])
  const ended = [boot(none, 1, ZERO), boot(zero, 1, [0, 0, 1, 0, 0, 0, 0])]
  assert.equal(next(cells, ended), ['none 2'])
  const { verdict, decidedAfter } = verdictOf(zero, cells, ended)
  assert.equal([verdict, decidedAfter], ['contradicts', 1])
})

test('a price that one boot shows is no verdict yet', () => {
  const slow = { us: 2_000_000, begun: 2000, answered: 2000, slow: 900, maxUs: 5000, buckets: [[5000, 2000]] }
  const price = { reloads: slow, quiet: { us: 1_000_000, answered: 1000 } } as unknown as Tally['price']
  const cells = [none, zero]
  const first = [boot(none, 1, LOSSY), boot(zero, 1, ZERO, { price })]
  assert.equal(next(cells, first), ['none 2', 'zero 2'])
  const both = [...first, boot(none, 2, LOSSY), boot(zero, 2, ZERO, { price })]
  assert.equal([verdictOf(zero, cells, both).verdict, verdictOf(zero, cells, both).decidedAfter], ['contradicts', 2])
  assert.equal(next(cells, both), [])
})

test('an interrupted run has what its cells had by then', () => {
  const cells = [none, zero, fewer]
  const found = judgeAll(cells, [boot(none, 1, LOSSY), boot(fewer, 1, ALIKE)])
  assert.equal(
    found.map(({ case: name }) => name),
    ['none', 'fewer'],
  )
  assert.ok(found.every(isMeasured))
})

test.run()
