import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isMeasured, type MeasuredCell, type Result } from '../../model/result.ts'
import { groupsOf } from '../facts/groups/groups.ts'
import { loadMap, manyTwoLoads, twoLoads } from '../fixtures/loads.ts'
import { oneKernel, twoKernels } from '../fixtures/results.ts'
import { disagreements } from './disagree.ts'

const said = (result: Result) => disagreements(groupsOf(result)).map((words) => words.replaceAll('\u00a0', ' '))

/** Two loads, with cells of a case changed under one of them. */
const under = (load: string, name: string, change: Partial<MeasuredCell>): Result => ({
  ...twoLoads(),
  cells: twoLoads().cells.map((cell) =>
    cell.case === name && cell.load.name === load && isMeasured(cell) ? { ...cell, ...change } : cell,
  ),
})

test('a case that loses under one load only, or is sure to differ from none under one only', () => {
  const [block, delay, ...others] = said(twoLoads())
  assert.match(block!, /^The loads disagree about `ack-block`: not distinguishable from `none` under saturated/)
  assert.match(block!, 'and fewer resets than `none` under half.')
  assert.match(delay!, '`syn-delay`: nothing lost under saturated and connections lost under half.')
  assert.equal(others, [])
})

test('one reset under one load is no disagreement', () => {
  const cell = twoLoads().cells.find((one) => one.case === 'fd-passing' && one.load.name === 'half') as MeasuredCell
  const resetsByReload = cell.resetsByReload.map((_, i) => (i === 0 ? 1 : 0))
  const one = under('half', 'fd-passing', { resets: 1, ok: cell.ok - 1, resetsByReload })
  assert.not.match(said(one).join(), '`fd-passing`')
  const all = under('half', 'fd-passing', { ok: cell.ok - 9, resetsByReload: resetsByReload.map(() => 1) })
  assert.match(said(all).join(), '`fd-passing`: nothing lost under saturated and connections lost under half')
})

test('of several kernels the same disagreement is said once, with the kernels that are not all', () => {
  const [block] = said(manyTwoLoads())
  assert.is(
    block,
    'The loads disagree about `ack-block`: not distinguishable from `none` under saturated and fewer resets than `none` under half.',
  )
  const result = manyTwoLoads()
  const cells = result.cells.filter((cell) => cell.series !== '4.9' || cell.case !== 'ack-block')
  assert.match(said({ ...result, cells })[0]!, 'on 2.6.32, 3.9, 5.10, 6.1, 6.12, 6.18 host and 7.2 not distinguishable')
})

test('the ceiling of a load hides a difference, which then disagrees with nothing', () => {
  assert.not.match(said(under('saturated', 'ack-block', { capped: 0.5 })).join(), '`ack-block`')
  const same = twoLoads().cells.find((cell) => cell.case === 'none' && cell.load.name === 'half') as MeasuredCell
  const both = under('half', 'ack-block', { resetsByReload: same.resetsByReload, resets: same.resets })
  const cells = both.cells.map((cell) =>
    cell.case === 'ack-block' && cell.load.name === 'saturated' && isMeasured(cell) ? { ...cell, capped: 0.5 } : cell,
  )
  assert.not.match(said({ ...both, cells }).join(), '`ack-block`')
})

test('a cell that is noisy or inconclusive disagrees with nothing, and neither does a single load', () => {
  assert.not.match(said(under('half', 'syn-delay', { verdict: 'inconclusive' })).join(), 'syn-delay')
  assert.not.match(said(under('half', 'ack-block', { noisy: true })).join(), 'ack-block')
  for (const result of [oneKernel(), twoKernels(), loadMap(['2.6.12'])]) assert.equal(said(result), [])
})

test.run()
