import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Capacity } from '../../model/result/capacity.ts'
import type { Machine } from '../../model/result/machine.ts'
import { isMeasured, type MeasuredCell, type Result } from '../../model/result.ts'
import { SATURATED } from '../fixtures/cell.ts'
import { twoLoads } from '../fixtures/loads.ts'
import { groupsOf } from './groups/groups.ts'
import { putTogether, type SavedShard } from './groups/shards.ts'
import { remarksOf } from './remarks.ts'

const said = (result: Result) =>
  remarksOf(result, groupsOf(result)).flatMap(({ word, of, text }) =>
    word === 'misjudged' || word === 'uncertain'
      ? [{ word, of: of.map(({ name, on, detail }) => [name, on, detail].join(' ').trim()), text }]
      : [],
  )
const NOT_CHECKED = 'its capacity was not checked: no other boots on that machine tell what is carried without reloads'
const unchecked = [{ word: 'uncertain', of: ['half 6.1'], text: NOT_CHECKED }]

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
      word: 'misjudged',
      of: ['half 6.1 32 % of it'],
      text: 'its capacity, 1,280 connections a second, is 64 % of the 2,000 that no-reload under saturated carried in 2 boots, so that the load is weaker than its name says',
    },
  ])
  const { text } = said(carrying({ still: 1000 }))[0]!
  assert.match(text, /is 128 % of the 1,000 that no-reload .* the load is stronger than its name says$/)
})

test('without no-reload the quiet seconds of all saturated boots tell it', () => {
  const { text } = said(without(carrying({ still: 1280, quiet: 1700 }), 'no-reload'))[0]!
  assert.match(text, /is 75 % of the 1,700 that boots under saturated before their first reload carried in \d+ boots,/)
  const few = without(carrying({ still: 1280, quiet: 1700 }), 'no-reload')
  const one = few.cells.find(({ load }) => load.name === 'saturated')!
  const alone = { ...few, cells: few.cells.filter((cell) => cell === one || cell.load.name !== 'saturated') }
  assert.equal(said(alone), unchecked, 'two boots have no median worth the name')
})

test('what is not like it tells nothing', () => {
  const unlike: [string, Partial<MeasuredCell>][] = [
    ['noisy', { noisy: true, noise: ['slow'] }],
    ['another kernel', { kernel: '4.9' }],
    ['another network', { network: 'veth' }],
    ['connections that carry something else', { load: { ...SATURATED, exchange: { kind: 'banner' } } }],
    ['other users', { load: { ...SATURATED, users: 20 } }],
  ]
  for (const [why, more] of unlike)
    assert.equal(
      said(carrying({ still: 2000 }, more)).map(({ text }) => text),
      [NOT_CHECKED],
      why,
    )
  const [cell] = twoLoads().cells
  const on = (cpu: string) => cell!.eachBoot.map((boot) => ({ ...boot, machine: { cpu, cpus: 2, kernel: '6.1' } }))
  const elsewhere = carrying({ still: 2000 }, { eachBoot: on('a CPU') })
  const cells = elsewhere.cells.map((one) => (one.load.name === 'half' ? { ...one, eachBoot: on('another') } : one))
  assert.equal(said({ ...elsewhere, cells }), unchecked, 'another kind of CPU')
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

const FOUND: Capacity = {
  ...{ kernel: twoLoads().cells[0]!.kernel, proxy: 'haproxy-2.6.12-maxaccept4', perSecond: 1280, load: SATURATED },
  ...{ boots: [], unsettled: null, machine: { cpu: 'a CPU', cpus: 2, kernel: '6.1' } },
}

test('a capacity of which its boots were not sure', () => {
  const run = carrying({ still: 1280 })
  assert.equal(said({ ...run, capacities: [FOUND] }), [])
  assert.equal(said({ ...run, capacities: [{ ...FOUND, unsettled: '1 of 4 boots was quiet' }] }), [
    {
      ...{ word: 'uncertain', of: ['half 6.1'] },
      text: 'its capacity, 1,280 connections a second, was not found out for sure: 1 of 4 boots was quiet',
    },
  ])
  const otherRun = { ...FOUND, perSecond: 1290, unsettled: '1 of 4 boots was quiet' }
  assert.equal(said({ ...run, capacities: [otherRun] }), [], 'of another run on the same kernel')
})

/** What each boot of a run's saturated `no-reload` carried, and where; all other boots are as they are in the run. */
function still(run: Result, carried: number[], on: (i: number) => Machine | undefined = () => undefined): Result {
  const cells = run.cells.map((cell) => {
    if (!isMeasured(cell)) return cell
    const machined = (boots: MeasuredCell['eachBoot']) =>
      boots.map((boot, i) => {
        const machine = on(i)
        return machine ? { ...boot, machine } : boot
      })
    if (cell.case !== 'no-reload' || cell.load.name !== 'saturated')
      return { ...cell, eachBoot: machined(cell.eachBoot) }
    return {
      ...cell,
      byBoot: carried.map((throughput) => ({ ...cell.byBoot[0]!, throughput })),
      eachBoot: machined(carried.map(() => cell.eachBoot[0]!)),
    }
  })
  return { ...run, cells }
}

test('where boots disagree about it, it is uncertain, and the range is told', () => {
  const run = carrying({ still: 1280 })
  assert.equal(said(still(run, [1209, 1684])), [
    {
      word: 'uncertain',
      of: ['half 6.1 38 to 53 % of it'],
      text: 'its capacity, 1,280 connections a second, is 76 to 106 % of the 1,209 to 1,684 that no-reload under saturated carried in 2 boots: by some of them the load is another than its name says',
    },
  ])
  const [sure] = said(still(run, [1753, 1970]))
  assert.is(sure!.word, 'misjudged')
  assert.match(sure!.text, /is 65 to 73 % of the 1,753 to 1,970 .* weaker than its name says$/)
  assert.equal(said(still(run, [1270, 1500])), [], 'all are near enough')
})

// Two nodes of one kind, of which the second carries 0.75 of what the first does.
const [FAST, SLOW] = ['one', 'two'].map(
  (name): Machine => ({ name, cpu: 'a CPU', cpus: 2, kernel: '6.1', start: `start-${name}` }),
) as [Machine, Machine]
const byTurns = (i: number) => (i % 2 ? SLOW : FAST)
const on = (machine: Machine) => ({ ...FOUND, machine })

test('a slower machine of the same kind hides no capacity that was not what its own machine carries', () => {
  // It is 64 % of what the fast one carries, and 85 % of what the slow one does.
  const run = {
    ...still(carrying({ still: 1280 }), [2000, 1500, 1500], (i) => (i ? SLOW : FAST)),
    capacities: [on(FAST)],
  }
  const texts = said(run).map(({ word, text }) => `${word}: ${text}`)
  assert.is(texts.length, 2, texts.join('\n'))
  assert.match(texts[0]!, /^misjudged: .* is 64 % of the 2,000 that /)
  assert.match(
    texts[1]!,
    /^uncertain: .* was found out on one, and \d+ of its \d+ boots ran on two, of which it may be/,
  )
})

test('a capacity that is right where it was found out may be another share elsewhere', () => {
  const run = { ...still(carrying({ still: 1280 }), [1707, 1280], byTurns), capacities: [on(SLOW)] }
  assert.equal(
    said(run).map(({ word, text }) => [word, text.replace(/\d+ of its \d+/, 'some')]),
    [
      [
        'uncertain',
        'its capacity, 1,280 connections a second, was found out on two, and some boots ran on one, of which it may be another share',
      ],
    ],
  )
})

test('what other machines carried does not check it, after a restart either', () => {
  const run = still(carrying({ still: 1280 }), [2000, 2000], () => FAST)
  const elsewhere = 'what tells it was carried out on other machines than the one that found it out'
  for (const machine of [SLOW, { ...FAST, start: 'another' }]) {
    const last = said({ ...run, capacities: [on(machine)] }).at(-1)!
    assert.equal([last.word, last.text], ['uncertain', `its capacity was not checked: ${elsewhere}`])
  }
})

test('a shard with nothing but half is not checked, alone and put together, unless one machine carried both out', () => {
  const run = { ...still(carrying({ still: 2000 }), [2000, 2000], () => FAST), capacities: [on(FAST)] }
  const part = (index: number, name: string): SavedShard => ({
    label: `${index}`,
    root: '.',
    result: {
      ...run,
      shard: { index, of: 2, command: '' },
      cells: run.cells.filter(({ load }) => load.name === name),
    },
  })
  const [saturated, half] = [part(1, 'saturated'), part(2, 'half')]
  assert.equal(
    said(half.result).map(({ text }) => text),
    [NOT_CHECKED],
  )
  assert.equal(
    said(putTogether([], [saturated, half])).map(({ word }) => word),
    ['misjudged'],
  )
  const there = still(saturated.result, [2000, 2000], () => SLOW)
  const [apart, ...others] = said(
    putTogether([], [{ ...saturated, result: { ...there, shard: saturated.result.shard } }, half]),
  )
  assert.match(apart!.text, 'was not checked: what tells it was carried out on other machines')
  assert.equal(others, [])
})

test('boots that find a capacity out and were lost with their machine are told', () => {
  const lost = [{ node: 'three', reason: 'its node is down' }]
  const run = { ...carrying({ still: 1280 }), capacities: [{ ...on(FAST), lost }] }
  const [moved] = remarksOf(run, groupsOf(run)).filter(({ word }) => word === 'moved')
  assert.is(moved!.text, 'the boots that find it out were lost on three (its node is down) and run again on one')
})

test.run()
