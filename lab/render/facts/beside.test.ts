import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { capped, loadMap, manyTwoLoads, twoLoads } from '../fixtures/loads.ts'
import { oneKernel } from '../fixtures/results.ts'
import { renderMarkdown } from '../markdown/markdown.ts'
import { besideTables } from '../terminal/beside.ts'
import { renderTerminal } from '../terminal/terminal.ts'
import { sideBySide } from './beside.ts'
import { groups } from './groups.ts'

test('a table a kernel with several loads, a row a case; none for one load, or for very many', () => {
  for (const result of [oneKernel(), capped(), loadMap(['2.6.12'])]) assert.equal(sideBySide(groups(result)), [])
  const many = sideBySide(groups(manyTwoLoads()))
  assert.equal(
    many.map(({ place }) => place.label),
    ['2.6.32', '3.9', '4.9', '5.10', '6.1', '6.12', '6.18 host', '7.2'],
  )
  for (const { rows, priced } of many) {
    assert.is(priced!.load.name, 'half')
    assert.equal(
      rows.map((row) => [row.case, row.fields.length]),
      rows.map((row) => [row.case, 2]),
    )
    assert.is(rows.length, 7)
  }
})

test('the price is that of half', () => {
  const [{ rows }] = sideBySide(groups(twoLoads())) as [ReturnType<typeof sideBySide>[0]]
  const of = (name: string) => rows.find((row) => row.case === name)!.price
  assert.equal(of('ebpf'), ['a reload took 221 ms instead of 130 ms'])
  assert.equal(of('fd-passing'), ['no measurable cost'])
  assert.equal(of('none'), [])
})

test('the terminal and report.md have both loads in one row', () => {
  for (const width of [80, 120]) {
    const text = besideTables(groups(twoLoads()), width)
    for (const line of text.split('\n')) assert.ok(line.length <= width, line)
  }
  assert.match(renderTerminal(twoLoads(), false), /\nack-block +10\.5 +expected +0\.88 +expected/)
  const row = renderMarkdown(twoLoads())
    .split('\n')
    .find((line) => line.startsWith('| `ack-block` | 10.5'))!
  assert.match(row, /10\.5 · 9\.9–11\.1; \*\*expected\*\* \| 0\.88 · 0\.63–1\.14; \*\*expected\*\* \|/)
})

test('a capped run says so in the first lines of report.md and of the terminal', () => {
  const head = (text: string) => text.split('\n').slice(0, 4).join('\n')
  assert.match(head(renderMarkdown(capped())), '> **Capped:** At the ceiling of the load')
  assert.match(head(renderTerminal(capped(), false)), 'capped: At the ceiling of the load')
  for (const text of [renderMarkdown(twoLoads()), renderTerminal(twoLoads(), false)]) assert.not.match(text, /capped:/i)
})

test.run()
