import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Result } from '../../model/result.ts'
import { groupsOf } from '../facts/groups/groups.ts'
import { capped, loadMap, manyTwoLoads, twoLoads, twoProxies } from '../fixtures/loads.ts'
import { changed, manyKernels, oneKernel } from '../fixtures/results.ts'
import { renderHtml } from '../html/report.ts'
import { renderMarkdown } from '../markdown/report.ts'
import { comparisonText } from '../terminal/comparison.ts'
import { renderTerminal } from '../terminal/report.ts'
import { comparisonSections } from './comparison.ts'
import type { Comparison, Outcome } from './outcomes.ts'

const sectionsOf = (result: Result) => comparisonSections(result, groupsOf(result))
const comparisons = (result: Result, title: string): Comparison[] =>
  sectionsOf(result).find((section) => section.title === title)?.comparisons ?? []
const cellOf = (outcome: Outcome) => (outcome && 'cell' in outcome ? outcome.cell : undefined)

test('a table for each kernel with several loads, a row a case; none for one load, or for very many', () => {
  for (const result of [oneKernel(), capped(), loadMap(['2.6.12'])])
    assert.equal(comparisons(result, 'Load by load'), [])
  const many = comparisons(manyTwoLoads(), 'Load by load')
  assert.equal(
    many.map(({ title }) => title),
    ['2.6.32', '3.9', '4.9', '5.10', '6.1', '6.12', '6.18 host', '7.2'],
  )
  for (const { rows, columns, priceOf } of many) {
    assert.is(priceOf, 'half')
    assert.equal([rows.length, columns.length], [7, 2])
    for (const row of rows) for (const outcome of row.outcomes) assert.is(cellOf(outcome)!.case, row.title)
  }
})

test('the price is that of half', () => {
  const [{ rows }] = comparisons(twoLoads(), 'Load by load') as [Comparison]
  const priceOf = (name: string) => rows.find((row) => row.title === name)!.price
  assert.equal(priceOf('ebpf'), 'a reload took 221 ms instead of 130 ms')
  assert.equal(priceOf('fd-passing'), 'no measurable cost')
  assert.equal(priceOf('none'), '')
})

test('the price is told against no-reload where none refused connections at its reloads, and the head says so', async () => {
  const heads = async (result: Result) => /price<small>([^<]*)/.exec(await renderHtml(result))?.[1]
  assert.is(await heads(twoLoads()), 'under half, against none')
  const outage = changed(twoLoads(), 'none', { refused: 64, refusedByReload: new Array(64).fill(1) })
  assert.is(await heads(outage), 'under half, against no-reload')
  const [{ rows }] = comparisons(outage, 'Load by load') as [Comparison]
  assert.is(rows.find(({ title }) => title === 'ebpf')!.price, 'no measurable cost; a reload took 221 ms')
})

test('kernels and cases: the oldest kernel first, unavailable ones among them; one kernel has no such table', () => {
  assert.equal(comparisons(oneKernel(), 'Kernels and cases'), [])
  const [{ rows, columns }] = comparisons(manyKernels(), 'Kernels and cases') as [Comparison]
  assert.equal(
    rows.map(({ title }) => title),
    ['2.6.32', '3.2', '3.9', '4.9', '5.10', '6.1', '6.12', '6.18 host', '7.2'],
  )
  assert.match(rows[1]!.unavailable!, 'archive.debian.org')
  assert.is(columns.length, 7)
})

test('each proxy has kernels and cases of its own', () => {
  const all = comparisons(twoProxies(), 'Kernels and cases')
  assert.equal(
    all.map(({ title, columns }) => [title, columns.length]),
    [
      ['haproxy 2.6.12', 7],
      ['haproxy 3.0.11', 3],
      ['nginx 1.22.1', 3],
    ],
  )
  for (const { title, rows } of all) {
    assert.equal(
      rows.map((row) => row.title),
      ['4.9', '6.1'],
    )
    for (const { proxy } of rows.flatMap(({ outcomes }) => outcomes.flatMap((one) => cellOf(one) ?? [])))
      assert.is(`${proxy.name} ${proxy.version}`, title)
  }
})

test('proxies stand side by side in the cases that at least two of them have', () => {
  assert.equal(comparisons(loadMap(['1.8.30', '2.6.12']), 'Proxies side by side'), [])
  assert.equal(comparisons(twoLoads(), 'Proxies side by side'), [])
  const all = comparisons(twoProxies(), 'Proxies side by side')
  assert.equal(
    all.map(({ title }) => title),
    ['4.9, saturated', '6.1, saturated'],
  )
  for (const { columns, rows } of all) {
    assert.equal(
      columns.map(({ title }) => title),
      ['haproxy 2.6.12', 'haproxy 3.0.11', 'nginx 1.22.1'],
    )
    // fd-passing has two versions of one proxy, and no other; syn-delay was skipped with nginx.
    assert.equal(
      rows.map(({ title }) => title),
      ['none', 'syn-block'],
    )
    assert.equal(
      rows[0]!.outcomes.map((outcome) => cellOf(outcome)!.proxy.version),
      ['2.6.12', '3.0.11', '1.22.1'],
    )
  }
})

test('the terminal and report.md have both loads in one row', () => {
  for (const width of [80, 120])
    for (const section of sectionsOf(twoLoads()))
      for (const line of comparisonText(section, false, width).split('\n')) assert.ok(line.length <= width, line)
  assert.match(renderTerminal(twoLoads(), false), /\nack-block +10\.5 = +0\.88 =/)
  const row = renderMarkdown(twoLoads())
    .split('\n')
    .find((line) => line.startsWith('| `ack-block` | 10.5'))!
  assert.match(row, /10\.5 · [\d.]+–[\d.]+; ✓ \| 0\.88 · [\d.]+–[\d.]+; ✓ \|/)
})

test('every renderer has the proxies side by side', () => {
  for (const text of [renderMarkdown(twoProxies()), renderTerminal(twoProxies(), false)])
    assert.match(text, /Proxies side by side[\s\S]*haproxy 2\.6\.12.*haproxy 3\.0\.11.*nginx 1\.22\.1/)
})

test('a capped run says so in the first lines of report.md and of the terminal', () => {
  const head = (text: string) => text.split('\n').slice(0, 4).join('\n')
  assert.match(head(renderMarkdown(capped())), '> **Capped:** At the ceiling of the load')
  assert.match(head(renderTerminal(capped(), false)), 'capped: At the ceiling of the load')
  for (const text of [renderMarkdown(twoLoads()), renderTerminal(twoLoads(), false)]) assert.not.match(text, /capped:/)
})

test.run()
