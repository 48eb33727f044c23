import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Capacity } from '../../model/result/capacity.ts'
import { isMeasured, type MeasuredCell, type Result } from '../../model/result.ts'
import { SATURATED } from '../fixtures/cell.ts'
import { twoLoads } from '../fixtures/loads.ts'
import { groupsOf } from './groups/groups.ts'
import { remarksOf } from './remarks.ts'

const said = (result: Result) =>
  remarksOf(result, groupsOf(result)).flatMap(({ word, of, text }) =>
    word === 'misjudged' ? [{ of: of.map(({ name, on, detail }) => [name, on, detail].join(' ').trim()), text }] : [],
  )

/** A run under both loads, of whose saturated cells each boot carried so much; the capacity was 1280. */
function carrying(
  { still, quiet = 1000 }: { still: number; quiet?: number },
  more: Partial<MeasuredCell> = {},
): Result {
  const result = twoLoads()
  const cells = result.cells.map((cell) => {
    if (!isMeasured(cell) || cell.load.name !== 'saturated') return cell
    const throughput = cell.case === 'no-reload' ? still : still / 2
    return { ...cell, byBoot: cell.byBoot.map((boot) => ({ ...boot, throughput, quietThroughput: quiet })), ...more }
  })
  return { ...result, cells }
}

const without = (result: Result, name: string): Result => ({
  ...result,
  cells: result.cells.filter((cell) => cell.case !== name || cell.load.name !== 'saturated'),
})

test('a capacity near what no-reload carried in the run is no remark', () => {
  for (const still of [1280 / 0.81, 1280, 1280 / 1.24]) assert.equal(said(carrying({ still })), [])
})

test('half of a capacity that was too low or too high is told with both numbers', () => {
  assert.equal(said(carrying({ still: 2000 })), [
    {
      of: ['half 6.1 32 % of it'],
      text: 'its capacity, 1,280 connections a second, is 64 % of the 2,000 that no-reload under saturated carried, so that the load is weaker than its name says',
    },
  ])
  const { text } = said(carrying({ still: 1000 }))[0]!
  assert.match(text, /is 128 % of the 1,000 that no-reload .* the load is stronger than its name says$/)
})

test('without no-reload the quiet seconds of all saturated boots tell it', () => {
  const { text } = said(without(carrying({ still: 1280, quiet: 1700 }), 'no-reload'))[0]!
  assert.match(text, 'is 75 % of the 1,700 that boots under saturated before their first reload carried')
  const few = without(carrying({ still: 1280, quiet: 1700 }), 'no-reload')
  const one = few.cells.find(({ load }) => load.name === 'saturated')!
  const alone = { ...few, cells: few.cells.filter((cell) => cell === one || cell.load.name !== 'saturated') }
  assert.equal(said(alone), [], 'two boots have no median worth the name')
})

test('what is not like it tells nothing', () => {
  const unlike: [string, Partial<MeasuredCell>][] = [
    ['noisy', { noisy: true, noise: ['slow'] }],
    ['another kernel', { kernel: '4.9' }],
    ['another network', { network: 'veth' }],
    ['connections that carry something else', { load: { ...SATURATED, exchange: { kind: 'banner' } } }],
    ['other users', { load: { ...SATURATED, users: 20 } }],
  ]
  for (const [why, more] of unlike) assert.equal(said(carrying({ still: 2000 }, more)), [], why)
  const [cell] = twoLoads().cells
  const on = (cpu: string) => cell!.eachBoot.map((boot) => ({ ...boot, machine: { cpu, cpus: 2, kernel: '6.1' } }))
  const elsewhere = carrying({ still: 2000 }, { eachBoot: on('a CPU') })
  const cells = elsewhere.cells.map((one) => (one.load.name === 'half' ? { ...one, eachBoot: on('another') } : one))
  assert.equal(said({ ...elsewhere, cells }), [], 'another kind of CPU')
})

test('in a comparison each run is held against itself', () => {
  const [one, other] = [carrying({ still: 1280 }), carrying({ still: 2000 })]
  const cells = [...one.cells, ...other.cells]
  const labels = [...one.cells.map(() => 'one'), ...other.cells.map(() => 'other')]
  const remarks = remarksOf({ ...one, cells }, groupsOf({ ...one, cells }, labels))
  assert.equal(
    remarks.flatMap(({ word, of }) => (word === 'misjudged' ? of.map(({ on }) => on) : [])),
    ['6.1 (other)'],
  )
})

test('a capacity of which its boots were not sure', () => {
  const sure: Capacity = {
    ...{ kernel: twoLoads().cells[0]!.kernel, proxy: 'haproxy-2.6.12-maxaccept4', perSecond: 1280, load: SATURATED },
    ...{ boots: [], unsettled: null, machine: { cpu: 'a CPU', cpus: 2, kernel: '6.1' } },
  }
  const run = carrying({ still: 1280 })
  assert.equal(said({ ...run, capacities: [sure] }), [])
  assert.equal(said({ ...run, capacities: [{ ...sure, unsettled: '1 of 4 boots was quiet' }] }), [
    { of: ['half 6.1'], text: 'its capacity, 1,280 connections a second, is uncertain: 1 of 4 boots was quiet' },
  ])
  const otherRun = { ...sure, perSecond: 1290, unsettled: '1 of 4 boots was quiet' }
  assert.equal(said({ ...run, capacities: [otherRun] }), [], 'of another run on the same kernel')
})

test.run()
