import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Claim } from '../../model/result/claim.ts'
import { isMeasured, type MeasuredCell, type Result } from '../../model/result.ts'
import { withExperiments } from '../fixtures/experiments.ts'
import { renderHtml } from '../html/report.ts'
import { renderMarkdown } from '../markdown/report.ts'
import { claimSections } from '../tables/claims.ts'
import { renderTerminal } from '../terminal/report.ts'
import { judged } from './claims.ts'
import { groupsOf } from './groups/groups.ts'

const RESULT = withExperiments()
const ZEROS = RESULT.cells.find(isMeasured)!.resetsByReload.map(() => 0)
/** What a cell is that lost nothing. */
const SPARED = { resets: 0, ok: 10_000, connections: 10_000, resetsByReload: ZEROS, refusedByReload: ZEROS }
const OF_ROW = { by: 'somebody', says: 'something', experiment: 'empty-acks' }
const NOTHING_LOST: Claim = { ...OF_ROW, row: 'plain', holds: { lost: 'none' } }

/** The result with something else in the cells of a case. */
const with_ = (name: string, more: Partial<MeasuredCell>): Result => ({
  ...RESULT,
  cells: RESULT.cells.map((cell) => (isMeasured(cell) && cell.case === name ? { ...cell, ...more } : cell)),
})
const on = (series: string, claim: Claim, result = RESULT) =>
  judged(
    claim,
    result,
    groupsOf(result).filter((group) => group.series === series),
  )
const outcome = (holds: Claim['holds'], more: Partial<MeasuredCell> = {}, row = 'plain') =>
  on('6.1', { ...OF_ROW, row, holds }, with_('none', more)).outcome

test('one lost connection contradicts that none is lost; without one it is reproduced', () => {
  assert.is(on('6.1', NOTHING_LOST).outcome, 'contradicted')
  assert.is(outcome({ lost: 'none' }, SPARED), 'reproduced')
  assert.is(outcome({ lost: 'none' }, { ...SPARED, ok: 9_999 }), 'contradicted')
  assert.is(outcome({ lost: 'some' }, SPARED), 'contradicted')
  assert.is(outcome({ lost: 'some' }), 'reproduced')
})

test('a zero says nothing where a fifth of the exposed reloads may lose something', () => {
  const few = (exposed: number, holds: Claim['holds']) =>
    outcome(holds, { ...SPARED, exposedByReload: SPARED.resetsByReload.map((_, i) => i < exposed) })
  // 1 - 0.05^(1/14) = 0.193, and 0.206 of 13.
  assert.equal([few(14, { lost: 'none' }), few(14, { lost: 'some' })], ['reproduced', 'contradicted'])
  assert.is(few(14, { lost: 'some', share: 0.03 }), 'not testable here')
  assert.equal([few(13, { lost: 'none' }), few(13, { lost: 'some' })], ['not testable here', 'not testable here'])
})

test('what the tool would have shown is judged by its own errors, not by what was lost', () => {
  assert.is(outcome({ shown: 'none' }, { injectErrs: 0 }), 'reproduced')
  assert.is(outcome({ shown: 'none' }, { injectErrs: 1 }), 'contradicted')
  assert.is(outcome({ shown: 'some' }, { injectErrs: 1 }), 'reproduced')
  assert.is(
    on(
      '6.1',
      { ...OF_ROW, row: 'plain', holds: { shown: 'none' } },
      with_('none', { injectErrs: 0, ...SPARED, ok: 9_993 }),
    ).seen,
    'the tool would have shown 0 errors of 7 lost connections',
  )
})

test('clients wait where more than a hundredth are slow', () => {
  assert.is(outcome({ slow: 'some' }, { slow: 500, priced: 10_000 }), 'reproduced')
  assert.is(outcome({ slow: 'none' }, { slow: 500, priced: 10_000 }), 'contradicted')
  assert.is(outcome({ slow: 'none' }, { slow: 5, priced: 10_000 }), 'reproduced')
})

test('a number is reproduced between half and twice as much, contradicted where its interval meets none of that', () => {
  const resets = { resets: 100, reloads: 50, resetsPerReload: { mean: 2, low: 1.5, high: 2.5 }, capped: 0 }
  const near = (value: number, rate?: number) =>
    outcome({ near: value, unit: 'resets', ...(rate !== undefined && { rate }) }, { ...resets, begunPerSecond: 1000 })
  assert.equal([near(2.5), near(3.9), near(1.1)], ['reproduced', 'reproduced', 'reproduced'])
  assert.equal([near(4.9), near(0.8)], ['not testable here', 'not testable here'], 'the interval alone meets it')
  assert.equal([near(5.1), near(0.7)], ['contradicted', 'contradicted'])
  assert.equal([near(2, 1900), near(2, 2100)], ['reproduced', 'not testable here'])
  assert.is(outcome({ near: 2, unit: 'resets' }, { ...resets, capped: 0.5 }), 'not testable here')
  const of = (maxaccept: number) =>
    on('6.1', { ...OF_ROW, row: 'plain', maxaccept, holds: { near: 2, unit: 'resets' } }, with_('none', resets)).outcome
  const { maxaccept } = RESULT.cells.find((cell) => cell.case === 'none')!.proxy
  assert.equal([of(maxaccept), of(maxaccept + 1)], ['reproduced', 'not testable here'])
  // 2 a reload at 1,000 a second are 20 at 10,000.
  const all = { ...resets, connections: 10_000, ok: 9_900, begunPerSecond: 1000 }
  assert.is(outcome({ near: 20, unit: 'failures at 10,000 a second' }, all), 'reproduced')
  assert.is(outcome({ near: 2, unit: 'failures at 10,000 a second' }, all), 'contradicted')
})

test('what did not run, is noisy or inconclusive says nothing, and why', () => {
  assert.equal(on('4.9', { ...NOTHING_LOST, row: 'steered' }), {
    outcome: 'not testable here',
    seen: 'this kernel has no reuseport-bpf',
    folder: undefined,
  })
  assert.is(outcome({ lost: 'none' }, { noisy: true, noise: ['slow'] }), 'not testable here')
  const doubt = on('6.1', NOTHING_LOST, with_('none', { verdict: 'inconclusive', reason: 'too few; and more' }))
  assert.is(doubt.seen, 'inconclusive: too few')
  assert.is(on('6.1', { ...NOTHING_LOST, experiment: 'other' }).seen, 'not measured')
})

test('a row a claim and a column a kernel, each with the cell that shows it', () => {
  const [section] = claimSections({ ...RESULT, claims: [NOTHING_LOST] }, groupsOf(RESULT))
  assert.equal(section!.table.head, ['claim', '4.9', '6.1'])
  const [, old, recent] = section!.table.rows[0]!
  for (const cell of [old, recent]) {
    assert.ok(typeof cell === 'object' && cell.text === 'contradicted')
    assert.ok(RESULT.cells.some(({ folder }) => typeof cell === 'object' && folder === cell.file))
  }
  assert.equal(claimSections(RESULT, groupsOf(RESULT)), [])
})

test('every report has them', async () => {
  const result = { ...RESULT, claims: [NOTHING_LOST] }
  for (const report of [renderMarkdown(result), await renderHtml(result), renderTerminal(result, false)]) {
    assert.match(report, 'What others say')
    assert.match(report, 'something')
    assert.match(report, 'somebody')
    assert.match(report, 'contradicted')
  }
})

test.run()
