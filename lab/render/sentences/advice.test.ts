import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isMeasured, type MeasuredCell, type Result } from '../../model/result.ts'
import { adviceOf } from '../facts/advice.ts'
import { groupsOf } from '../facts/groups/groups.ts'
import { HALF } from '../fixtures/cell.ts'
import { twoLoads, twoProxies } from '../fixtures/loads.ts'
import { changed, oneKernel, twoKernels } from '../fixtures/results.ts'
import { renderMarkdown } from '../markdown/report.ts'
import { adviceSections } from '../tables/advice.ts'
import { adviceWords } from './advice.ts'

const wordsOf = (result: Result) => adviceWords(result, groupsOf(result))[0]!
const said = (result: Result) => wordsOf(result).sentences.join('\n')
const usesOf = (result: Result) =>
  Object.fromEntries(adviceOf(result, groupsOf(result))[0]!.ranked.map(({ name, use }) => [name, use]))

/** Loses connections, each of them otherwise than by a reset. */
const losing = (count: number): Partial<MeasuredCell> => ({ timeouts: count, ok: 10_000 - count, connections: 10_000 })

test('what lost nothing and makes nobody wait is named first, what loses connections is warned of', () => {
  const words = said(oneKernel())
  assert.match(
    words,
    /^Use `fd-passing` \(Pass the listener\): it lost none in 64 exposed reloads: fewer than 4\.57\u00a0% /,
  )
  assert.match(
    words,
    /Lost nothing, but clients wait \(more than 1\.00\u00a0% of the connections were slow\): `syn-block`/,
  )
  assert.match(
    words,
    /Do not rely on a plain reload \(9\.88 connections lost a reload under saturated\).* `ack-block` \(/,
  )
})

test('a loss of any kind takes a case from the first place, and so does a verdict that decides nothing', () => {
  assert.is(usesOf(oneKernel())['fd-passing'], 'use')
  assert.is(usesOf(changed(oneKernel(), 'fd-passing', losing(4)))['fd-passing'], 'rare')
  assert.is(usesOf(changed(oneKernel(), 'fd-passing', losing(400)))['fd-passing'], 'no')
  const open = { verdict: 'inconclusive' as const }
  assert.is(usesOf(changed(oneKernel(), 'fd-passing', open))['fd-passing'], 'open')
  assert.is(usesOf(changed(oneKernel(), 'fd-passing', { ...open, ...losing(4) }))['fd-passing'], 'open')
  assert.is(usesOf(changed(oneKernel(), 'fd-passing', { ...open, ...losing(400) }))['fd-passing'], 'no')
  assert.is(usesOf(changed(oneKernel(), 'fd-passing', { slow: 200 }))['fd-passing'], 'price')
  const noisy = { slow: 200, noisy: true, noise: ['it waited for a CPU'] }
  assert.is(usesOf(changed(oneKernel(), 'fd-passing', noisy))['fd-passing'], 'open', 'the machine may have')
  const zero = changed(oneKernel(), 'fd-passing', { noisy: true, noise: ['it waited for a CPU'] })
  assert.is(usesOf(zero)['fd-passing'], 'open', 'nothing is known of its price')
  assert.not.match(said(changed(oneKernel(), 'fd-passing', losing(400))), 'Use `fd-passing`')
})

test('where something disturbed every cell nothing is called unable to prevent the loss', () => {
  const cells = oneKernel().cells.map((cell) =>
    isMeasured(cell) ? { ...cell, noisy: true, noise: ['it waited for a CPU'] } : cell,
  )
  const words = said({ ...oneKernel(), cells })
  assert.match(words, /disturbed every cell/)
  assert.not.match(words, /Nothing that was measured here/)
  assert.not.match(words, /Not decided here/)
})

test('a load under which nothing is decided is told, and its reloads do not count', () => {
  const result = twoLoads()
  const cells = result.cells.map((cell) =>
    isMeasured(cell) && cell.case !== 'none' && cell.load.name === HALF.name
      ? { ...cell, verdict: 'inconclusive' as const }
      : cell,
  )
  assert.match(said(result), /Use `fd-passing` .* under 2 loads/)
  assert.match(
    said({ ...result, cells }),
    /^Nothing that was measured here is known to prevent the loss/,
    'a doubt about the case is one',
  )
  // Where its control lost nothing, nothing could be decided there, and the other load still says what it says.
  const spared = cells.map((cell) =>
    isMeasured(cell) && cell.case === 'none' && cell.load.name === HALF.name
      ? { ...cell, resets: 0, ok: cell.connections, verdict: 'inconclusive' as const }
      : cell,
  )
  assert.match(
    said({ ...result, cells: spared }),
    /Use `fd-passing` .* it lost none in 64 exposed reloads: .*; not decided under half\./,
  )
})

test('where something disturbed every cell that is said first, and nothing is advised', () => {
  const noisy = { noisy: true, noise: ['its CPUs were taken by others'] }
  const result = { ...twoLoads(), cells: twoLoads().cells.map((cell) => ({ ...cell, ...noisy })) }
  assert.match(said(result), /^Something else disturbed every cell, so that this is no advice/)
  assert.not.match(said(result), /\buse `/i)
  assert.match(said(result), /Even so, a plain reload lost [\d.]+ connections under (saturated|half)/)
  assert.not.match(said(result), /rely on/)
})

test('a load under which a plain reload lost nothing has the number of the other tables, and no dash', () => {
  const result = twoLoads()
  const none = { resets: 0, resetsBeforeRequest: 0, resetsAfterRequest: 0, verdict: 'inconclusive' as const }
  const cells = result.cells.map((cell) =>
    cell.case === 'none' && cell.load.name === HALF.name && isMeasured(cell)
      ? { ...cell, ...none, ok: cell.connections, resetsPerReload: { mean: 0, low: 0, high: 0 } }
      : cell,
  ) as Result['cells']
  const [section] = adviceSections({ ...result, cells }, groupsOf({ ...result, cells }))
  const { head, rows } = section!.table
  const field = rows.find(([name]) => name === 'none')![head.indexOf('lost under half')]!
  assert.is.not(field, '-')
  assert.is(typeof field === 'string' ? field : field.text, '0?')
  assert.match(typeof field === 'string' ? '' : field.detail!, /^in \d+ of \d+.* inconclusive$/)
})

test('a price that is not known is no price of none, and ranks behind it', () => {
  const result = twoLoads()
  const cells = result.cells.map((cell) =>
    cell.case === 'ebpf' && cell.load.name === HALF.name ? { ...cell, noisy: true, noise: ['slow'] } : cell,
  )
  const [advice] = adviceOf({ ...result, cells }, groupsOf({ ...result, cells }))
  assert.equal(
    advice!.ranked.slice(0, 3).map(({ name, use }) => [name, use]),
    [
      ['fd-passing', 'use'],
      ['syn-block', 'price'],
      ['ebpf', 'part'],
    ],
  )
  const [section] = adviceSections({ ...result, cells }, groupsOf({ ...result, cells }))
  const row = (name: string) => section!.table.rows.find(([first]) => first === name)!
  const column = section!.table.head.indexOf('price')
  assert.is(row('ebpf')[column], 'not known')
  assert.is.not(row('fd-passing')[column], 'not known')
  assert.match(
    said(result),
    /The price of `fd-passing`: .*p99 under half is [\d.]+ ms, [\d.]+ with a plain reload and [\d.]+ without/,
  )
})

test('what lost nothing and was disturbed under a load is named with that load, and not to be used', () => {
  const result = twoLoads()
  const disturbing = (...names: string[]) => {
    const cells = result.cells.map((cell) =>
      names.includes(cell.case) && cell.load.name === 'saturated' ? { ...cell, noisy: true, noise: ['slow'] } : cell,
    ) as Result['cells']
    return { ...result, cells }
  }
  const first = (one: Result) => adviceOf(one, groupsOf(one))[0]!.ranked[0]!.name
  assert.is(first(result), 'fd-passing')
  assert.match(said(result), /Lost nothing, either: `ebpf`\./)
  const unshown = (name: string) =>
    `Lost nothing, but whether clients wait was not shown under each load: \`${name}\` (disturbed under saturated).`
  assert.match(said(disturbing('ebpf')), unshown('ebpf'))
  assert.not.match(said(disturbing('ebpf')), 'Lost nothing, either')
  assert.is(first(disturbing('fd-passing')), 'ebpf')
  assert.match(said(disturbing('fd-passing')), /^Use `ebpf`/)
  assert.match(said(disturbing('fd-passing')), unshown('fd-passing'))
  // Where clients wait under one load that is known, whatever disturbed the other.
  assert.match(said(disturbing('syn-block')), /clients wait \(more than .*: `syn-block` \(disturbed under saturated\)/)
  // Nothing that makes clients wait is advised in their place, and nothing is called unable to prevent the loss.
  const both = disturbing('fd-passing', 'ebpf')
  assert.match(said(both), /^Nothing can be advised yet: .* Run it again on an idle machine\./)
  assert.not.match(said(both), /\buse `|is known to prevent/i)
  assert.equal(wordsOf(both).adopt, [])
  const [section] = adviceSections(both, groupsOf(both))
  const row = section!.table.rows.find(([name]) => name === 'fd-passing')!
  assert.is(row[section!.table.head.indexOf('use it?')], 'lost nothing, disturbed in part')
})

test('without a reload that loses connections, or with several kernels, nothing is advised', () => {
  const none = changed(oneKernel(), 'none', { resets: 0, ok: 10_000, connections: 10_000 })
  assert.equal(adviceWords(none, groupsOf(none)), [])
  assert.equal(adviceWords(twoKernels(), groupsOf(twoKernels())), [])
})

test('each proxy has its own advice, and its own table', () => {
  const both = twoProxies()
  const result = { ...both, cells: both.cells.filter(({ series }) => series === '6.1') }
  assert.is(adviceWords(result, groupsOf(result)).length, 3)
  assert.is(new Set(adviceSections(result, groupsOf(result)).map(({ title }) => title)).size, 3)
})

test('lines to copy are those of the case that is named, and an everyday reload is told by what was seen', () => {
  const facts = {
    adopt: [{ where: 'the reload', lines: ['haproxy -x'] }],
    everyday: 'systemctl reload haproxy',
    needs: ['HAProxy 1.8 or later'],
  }
  const base = oneKernel()
  const result = {
    ...base,
    cases: base.cases.map((one) => (one.name === 'fd-passing' ? { ...one, ...facts } : one)),
  }
  assert.equal(wordsOf(result).adopt, [{ where: 'for fd-passing, the reload', lines: ['haproxy -x'] }])
  assert.match(said(result), 'It needs HAProxy 1.8 or later.')
  assert.match(said(result), 'The everyday reload (systemctl reload haproxy; `fd-passing`) lost none in 64 exposed')
  assert.not.match(said(result), 'Elsewhere use `fd-passing`', 'once is enough')
  assert.match(said(changed(result, 'fd-passing', losing(400))), '; `fd-passing`) lost 400 connections in 64 exposed')
  for (const one of [result, changed(result, 'fd-passing', losing(400))]) assert.not.match(said(one), /\bsafe\b/)
  assert.match(renderMarkdown(result), 'haproxy -x')
})

test('the own rates of an operator are told from the nearest load, or that none is near', () => {
  const mine = { rate: HALF.rate! * 1.5, reloads: 1 / 60 }
  const near = said({ ...twoLoads(), mine })
  assert.match(near, /For 960 connections a second and 1,440 reloads a day: `none` loses [\d,]+ connections a day \(/)
  assert.match(near, /`fd-passing` was not seen to lose any \(at most [\d.]+ of 1,440 reloads a day lose anything; /)
  const noisy = { noisy: true, noise: ['its CPUs were taken by others'] }
  const cells = twoLoads().cells.map((cell) => ({ ...cell, ...noisy }))
  assert.match(
    said({ ...twoLoads(), cells, mine }),
    'no undisturbed point of this run is near',
    'what was disturbed is none',
  )
  const far = said({ ...twoLoads(), mine: { ...mine, rate: 50_000 } })
  assert.match(far, 'no point of this run is near: its loads are')
  assert.match(far, '--rate 50000')
})

test.run()
