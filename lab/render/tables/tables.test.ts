import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { disagreements } from '../../measure/numbers/account/reconcile.ts'
import { isMeasured, type MeasuredCell, type Result } from '../../model/result.ts'
import { groupsOf } from '../facts/groups/groups.ts'
import { capped, twoLoads } from '../fixtures/loads.ts'
import { changed, manyKernels, oneKernel } from '../fixtures/results.ts'
import { causes, disagreeing, keptTable, parts, threeCounts } from './counts.ts'
import { outcomeText } from './outcomes.ts'
import { evidence, loading } from './running.ts'
import { summaryTable } from './summary.ts'
import { type Table, type TableCell, together } from './table.ts'

const textOf = (cell: TableCell | undefined) => (typeof cell === 'string' ? cell : cell!.text)
/** A field of a table, by the name of its row and the head of its column. */
const field = ({ head, rows }: Table, name: string, column: string) =>
  textOf(
    rows.find(([first]) => first === name)![
      head.findIndex((one) => one === column || (typeof one !== 'string' && one.text === column))
    ],
  )
const group = (result: Result) => groupsOf(result)[0]!
const none = oneKernel().cells.filter(isMeasured)[0]!

test('counts agree exactly where the one definition of it finds nothing', () => {
  const { wire } = none
  const spoilt: Partial<MeasuredCell>[] = [
    {},
    { resets: none.resets + 1 },
    { refused: 1 },
    ...Object.keys(wire).map((key) => ({ wire: { ...wire, [key]: (wire[key as keyof typeof wire] ?? 0) + 1 } })),
    // One is cut short and has a RST, another is reset and has none: the sums are equal.
    { wire: { ...wire, missing: 1, unmatched: 1 } },
  ]
  const said = spoilt.map((change) => field(threeCounts(group(changed(oneKernel(), 'none', change))), 'none', 'agree'))
  assert.equal(
    said,
    spoilt.map((change) => (disagreements({ ...none, ...change }).length === 0 ? 'yes' : 'NO')),
  )
  assert.is(said[0], 'yes')
  assert.is(said.at(-1), 'NO')
})

test('causes are named with their shares, case by case', () => {
  const one = { acceptQueue: 468, completing: 9, synRecv: 20, closed: 2, unexplained: 1 }
  const grid = causes(groupsOf(changed(oneKernel(), 'none', { causes: one })))
  assert.equal(grid.head, [
    'case',
    'resets',
    'accept queue',
    'completing',
    'SYN_RECV',
    'closed by the proxy',
    'unexplained',
  ])
  assert.equal(
    grid.rows[0]!.map((cell) => textOf(cell).replace('\u00a0', ' ')),
    ['none', '500', '468 (93.6 %)', '9 (1.80 %)', '20 (4.00 %)', '2 (0.40 %)', '1 (0.20 %)'],
  )
  assert.equal(
    causes(groupsOf(oneKernel())).rows.map(([name]) => name),
    ['none', 'ack-block'],
  )
})

test('causes are in doubt where the counts disagree, in all boots or in one of them', () => {
  const inDoubt = (change: Partial<MeasuredCell>) =>
    causes(groupsOf(changed(oneKernel(), 'none', change))).rows.map((row) =>
      row.slice(2).every((one) => /\?$/.test(textOf(one))),
    )
  assert.equal(inDoubt({}), [false, false])
  assert.equal(inDoubt({ wire: { ...none.wire, missing: 1 } }), [true, false])
  const verdict = 'inconclusive' as const
  assert.equal(inDoubt({ verdict, reason: 'boot 2: the counts disagree: by one' }), [true, false])
  assert.equal(inDoubt({ verdict, reason: 'no sure difference' }), [false, false])
})

test('the parts of a reload sum up to their shares, and kernels without resets have no row', () => {
  const { head, rows } = parts(groupsOf(manyKernels()))
  assert.is(rows.length, 16)
  for (const row of rows) {
    assert.is(row.length, head.length)
    const [all, ...each] = row.slice(2).map((cell) => Number(/^[\d,]+/.exec(textOf(cell))![0].replaceAll(',', '')))
    assert.is(
      each.reduce((sum, count) => sum + count, 0),
      all,
    )
  }
})

test('whether reloads met connections and the case acted: by numbers, with what they count', () => {
  const result = oneKernel()
  const grid = evidence(group(result), result)
  assert.is(field(grid, 'syn-block', 'exposed'), '14')
  assert.is(field(grid, 'syn-block', 'lost anything'), '0 (<19.3\u00a0%)')
  assert.match(field(grid, 'none', 'lost anything'), /^56: 87\.5\s% \(76\.\d–94\.\d\)$/)
  assert.is(field(grid, 'syn-block', 'proof that it acted'), 'SYNs that its rule dropped: 5,120')
  assert.match(field(grid, 'fd-passing', 'proof that it acted'), 'the very socket of the old one')
  assert.match(field(grid, 'syn-block', 'price declared'), /^slow, timeouts, 99\.5\s% of throughput$/)
  const steered = { proof: { value: 251, byReload: [4, 3, 4] } }
  const each = evidence(group(changed(manyKernels(), 'ebpf', steered, '7.2')), result)
  assert.match(field(each, 'fd-passing', 'service at the end'), '8 of 8, 4 per boot')
  const seven = groupsOf(changed(manyKernels(), 'ebpf', steered, '7.2')).at(-1)!
  assert.match(field(evidence(seven, result), 'ebpf', 'proof that it acted'), ': 251, 3 to 4 per reload')
})

test('a reload that refuses loses, and refusals that are a lower bound say so beside the number', () => {
  const refusedByReload = none.resetsByReload.map(() => 10)
  const refused = { refused: 640, refusedByReload, wire: { ...none.wire, fromClient: 9 } }
  const result = changed(oneKernel(), 'none', refused)
  assert.match(field(evidence(group(oneKernel()), oneKernel()), 'none', 'lost anything'), /^56: 87\.5/)
  assert.match(field(evidence(group(result), result), 'none', 'lost anything'), /^64: 100/)
  const rows = summaryTable([group(result)], [group(result)]).rows.map((row) => JSON.stringify(row))
  assert.match(rows[0]!, '{"text":"≥640","detail":"≥640 + 0"}')
  assert.is(outcomeText({ ...none, ...refused }).losses.join(), '+ ≥10.0 refused')
  const counted = { ...none, ...refused, wire: none.wire }
  assert.is(outcomeText(counted).losses.join(), '+ 10.0 refused')
})

test('what an older guest did not tell is not known, not zero', () => {
  const untold = { exposed: null, exposedByReload: null, held: null, proof: null, service: null }
  const result = changed(oneKernel(), 'fd-passing', untold)
  const grid = evidence(group(result), { cases: [] })
  assert.is(field(grid, 'fd-passing', 'exposed'), 'not known')
  assert.is(field(loading(group(result)), 'fd-passing', 'held, mean'), '-')
  assert.is(field(grid, 'fd-passing', 'lost anything'), '0')
})

test('what limited a cell, the ceiling of its load, what was held, and how its boots differ', () => {
  const [saturated, half] = groupsOf(twoLoads()) as [ReturnType<typeof group>, ReturnType<typeof group>]
  const texts = (found: Table, name: string) =>
    ['connections', 'arrivals a second', 'limited by', 'CPU of the proxy', 'CPU of the generator', 'capped'].map(
      (head) => field(found, name, head).replaceAll('\u00a0', ' '),
    )
  assert.equal(texts(loading(saturated), 'none'), ['80', '-', 'proxy', '99.0 %', '60.0 %', '0'])
  assert.equal(texts(loading(half), 'none'), ['≤ 2,000', '640', 'rate', '50.0 %', '31.0 %', '-'])
  const grid = loading(group(capped()))
  assert.is(field(grid, 'none', 'capped'), '75.0\u00a0% at 16')
  assert.equal([field(grid, 'none', 'maxaccept'), field(grid, 'none', 'held, most')], ['4', '20'])
  const boots = none.byBoot.map((boot, i) => ({ ...boot, resetsPerReload: [8.8, 6.6][i]! }))
  const differing = loading(group(changed(oneKernel(), 'none', { byBoot: boots })))
  assert.is(field(differing, 'none', 'boots'), '2')
  assert.is(field(differing, 'none', 'resets per reload by boot'), '8.80 / 6.60')
  assert.is(field(differing, 'no-reload', 'resets per reload by boot'), '-')
})

test('tables of several groups in one say which, and disagreeing counts are found among them', () => {
  const all = groupsOf(twoLoads())
  const { head, rows } = together(all, loading)
  assert.equal(head.slice(0, 2), ['case', 'where'])
  assert.equal([...new Set(rows.map(([, where]) => where))], ['6.1 saturated', '6.1 half'])
  assert.equal(disagreeing(all), [])
  const wrong = groupsOf(changed(twoLoads(), 'none', { wire: { ...none.wire, missing: 9, unmatched: 9 } }))
  assert.equal(
    disagreeing(wrong).flatMap(({ cells }) => cells.map((cell) => cell.case)),
    ['none', 'none'],
  )
})

test('the summary has each cell with its change against none and its price, which is told of half', () => {
  const all = groupsOf(twoLoads())
  const [saturated, half] = all.map((one) => summaryTable([one], all)) as [Table, Table]
  assert.is(field(half, 'ack-block', 'vs none').replace('\u00a0', ' '), '−72.0 %')
  assert.is(field(half, 'ebpf', 'Price'), 'a reload took 221 ms instead of 130 ms')
  assert.is(field(half, 'fd-passing', 'Price'), 'no measurable cost')
  assert.is(field(half, 'none', 'Price'), '-')
  const outage = groupsOf(changed(twoLoads(), 'none', { refusedByReload: new Array(64).fill(1) }))
  assert.is(field(summaryTable([outage[1]!], outage), 'none', 'Price'), 'a reload took 130 ms')
  assert.not(saturated.head.some((one) => typeof one !== 'string' && one.text === 'Price'))
  const top = groupsOf(capped())
  assert.is(field(summaryTable(top, top), 'ack-block', 'vs none'), 'ceiling')
})

test('a price is relative to none; without it, or of noisy cells, only what was slow is known', () => {
  const without = { ...oneKernel(), cells: oneKernel().cells.filter((cell) => cell.case !== 'none') }
  const noisy = { noisy: true, noise: ['its CPUs were taken by others 23 % of the time'] }
  for (const result of [without, changed(oneKernel(), 'none', noisy)]) {
    const all = groupsOf(result)
    for (const row of summaryTable(all, all).rows) assert.not.match(row.map(textOf).join(), /instead of|no measurable/)
  }
})

test('a failed or skipped cell has a row with its reason, and no number', () => {
  const all = groupsOf(oneKernel())
  const rows = summaryTable(all, all).rows
  for (const name of ['ebpf', 'my-case']) {
    const row = rows.find(([first]) => first === name)!
    assert.not.match(row.map(textOf).join(), /\d/)
    const { about } = row.at(-1) as { about: string }
    assert.match(about, name === 'ebpf' ? 'was gone before reload 3' : 'needs Linux 6.12')
  }
})

test('of kept connections: which request was lost, and how often a reload does it', () => {
  assert.equal(keptTable(groupsOf(oneKernel())).rows, [], 'none were kept')
  const kept = {
    requests: 900,
    posts: 450,
    answers: 880,
    resets: none.resets - 2,
    resetPosts: 5,
    resetIdle: 1,
    shorts: 3,
  }
  const exchange = { kind: 'keep-alive' as const, pauseMs: 20, requests: 10 }
  const load = { ...none.load, exchange }
  const result = changed(oneKernel(), 'none', {
    load,
    short: 4,
    kept: { ...kept, resetsByReload: none.resetsByReload },
  })
  const all = groupsOf(result)
  const of = (column: string) => field(keptTable(all), 'none', column)
  assert.is(of('requests'), '900')
  assert.is(of('reset: new connections'), '2')
  assert.is(of('reset: reused, GET'), `${none.resets - 2 - 6}`)
  assert.equal([of('reset: reused, POST'), of('reset: reused, idle')], ['5', '1'])
  assert.equal([of('empty replies: reused'), of('short: new')], ['3', '1'])
  const { conditions } = all.find(({ cells }) => cells.some((cell) => cell.load === load))!
  assert.match(conditions, /80 kept connections; kept for up to 10 requests, with pauses of 20 ms/)
})

test.run()
