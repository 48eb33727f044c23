import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Result } from '../../model/result.ts'
import { groupsOf } from '../facts/groups/groups.ts'
import { capped, loadMap, manyTwoLoads, twoLoads, twoProxies } from '../fixtures/loads.ts'
import { manyKernels, oneKernel, twoKernels } from '../fixtures/results.ts'
import { answer } from './answer.ts'
import { howToRead } from './reading.ts'

const answerOf = (result: Result) => answer(groupsOf(result), result)
const titles = (result: Result) => answerOf(result).bySetting.map(({ title }) => title)

test('nothing measured is nothing said', () => {
  assert.equal(answerOf({ ...oneKernel(), cells: [] }), { capped: [], whole: ['Nothing was measured.'], bySetting: [] })
})

test('kernels are compared under each load and with each proxy; one kernel is no comparison', () => {
  const both = twoLoads()
  const cells = both.cells.flatMap((cell) => [cell, { ...cell, proxy: { ...cell.proxy, maxaccept: 64 } }])
  assert.equal(titles({ ...both, cells }), [])
  assert.equal(titles(manyTwoLoads()), ['Under saturated', 'Under half'])
  assert.equal(titles(twoProxies()), ['With haproxy 2.6.12', 'With haproxy 3.0.11', 'With nginx'])
})

test('what is at the ceiling of its load is said first, with what lifts it', () => {
  assert.equal(answerOf(twoLoads()).capped, [])
  const said = answerOf(capped()).capped
  assert.equal(said, [
    'At the ceiling of the load, and not to be compared: `none` and `ack-block` under users-20; `--maxaccept 64`, more `--users` or `--rate` lifts it.',
  ])
  const big = answerOf(loadMap()).capped.join(' ')
  assert.match(big, /: \d+ of \d+ cells that lost connections \(`none` in \d+.*\); `--maxaccept 400`, /)
})

test('where the run has a load under which the same cases are not at the ceiling, it is named', () => {
  const result = twoLoads()
  const atTop = (cell: Result['cells'][number], load: string) =>
    cell.load.name === load && ['none', 'ack-block'].includes(cell.case)
  const atCeilingOf = (load: string) => ({
    ...result,
    cells: result.cells.map((cell) => (atTop(cell, load) ? { ...cell, capped: 0.5 } : cell)) as Result['cells'],
  })
  const [said, ...others] = answerOf(atCeilingOf('saturated')).capped
  assert.equal(others, [])
  assert.match(said!, /`none` and `ack-block` on .*saturated; compare under half\.$/)
  // A cell that something disturbed is compared with nothing, either.
  const cells = atCeilingOf('saturated').cells.map((cell) =>
    atTop(cell, 'half') ? { ...cell, noisy: true, noise: ['its CPUs were taken'] } : cell,
  ) as Result['cells']
  assert.match(answerOf({ ...result, cells }).capped[0]!, /lifts it\.$/)
})

test('how to read a report explains the loads that it has, by their own numbers, and no others', () => {
  const reading = (result: Result) => howToRead(groupsOf(result)).join('\n')
  assert.match(reading(manyKernels()), 'a price is told against `no-reload`')
  assert.not.match(reading(twoKernels()), 'a price is told against')
  const twenty = twoLoads()
  const cells = twenty.cells.map((cell) => ({ ...cell, load: { ...cell.load, users: 20 } })) as Result['cells']
  assert.match(reading(twoLoads()), 'a closed loop of 80 connections at a time')
  assert.match(reading({ ...twenty, cells }), 'a closed loop of 20 connections at a time')
  assert.match(reading(twoLoads()), '`half` is an operator’s load')
  assert.not.match(reading(oneKernel()), '`half` is')
  assert.match(reading(capped()), '`capped`: ')
  assert.not.match(reading(capped()), '`saturated` is')
})

test.run()
