import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isMeasured, type Result } from '../../../model/result.ts'
import { cellOf, HALF } from '../../fixtures/cell.ts'
import { loadMap, twoLoads } from '../../fixtures/loads.ts'
import { changed, oneKernel, resultOf, SIX } from '../../fixtures/results.ts'
import { mapPlot } from '../../html/plots/loadmap.ts'
import { renderMarkdown } from '../../markdown/report.ts'
import { renderTerminal } from '../../terminal/report.ts'
import { atCeiling } from '../cells/account.ts'
import { groupsOf } from './groups.ts'
import { type LoadMap, loadMapsOf, mapTables } from './loadmap.ts'

const mapOf = (result: Result) => loadMapsOf(groupsOf(result))[0]

test('several closed loops make a map, a panel a case, proxy and kernel', () => {
  assert.is(mapOf(oneKernel()), undefined)
  assert.is(mapOf(twoLoads()), undefined)
  const map = mapOf(loadMap())!
  assert.is(map.panels.length, 8)
  assert.equal(map.maxaccepts, [1, 4, 8, 64, -1])
  assert.equal(map.loads, [1, 4, 20, 80, 200, 400])
  for (const { lines } of map.panels)
    for (const { maxaccept, cells } of lines) {
      assert.equal(
        cells.map(({ load }) => load.users),
        map.loads,
      )
      assert.ok(cells.every(({ proxy }) => proxy.maxaccept === maxaccept))
    }
  const single = loadMap(['2.6.12'])
  const cells = single.cells.filter(({ load }) => load.users === 80)
  assert.is(mapOf({ ...single, cells }), undefined)
})

test('shares of the capacity make a map of their own, without ceilings', async () => {
  const shares = [5, 50, 100].map((percent) => ({
    ...HALF,
    name: `share-${percent}`,
    rate: 6 * percent,
    capacity: 600,
  }))
  const cells = shares.flatMap((load, i) => cellOf('none', { ...SIX, load, turns: [i] }))
  const other = cellOf('ack-block', { ...SIX, load: shares[1], turns: [1] })
  const [map, ...others] = loadMapsOf(groupsOf(resultOf([...cells, other]))) as [LoadMap]
  assert.equal(others, [])
  assert.equal([map.axis, map.loads], ['arrivals', [5, 50, 100]])
  assert.equal(
    map.panels.map((panel) => panel.case),
    ['none'],
    'a case under a single load is no line',
  )
  assert.equal(mapTables(map)[0]!.head, ['proxy', 'maxaccept', '5 %', '50 %', '100 %'])
  assert.equal(mapTables(map)[0]!.rows[0]!.slice(2), ['0', '1.00', '2.00'])
  const { text } = await mapPlot(map, map.panels[0]!)
  assert.match(text, '>arrivals, % of the capacity</text>')
  assert.not.match(text, 'stroke-dasharray')
})

test('a case that resets nobody anywhere has no panel, and is named', () => {
  const result = loadMap(['2.6.12'])
  const spared = changed(result, 'ack-block', { resets: 0 })
  const map = mapOf(spared)!
  assert.equal(map.spared, ['ack-block'])
  assert.ok(map.panels.every((panel) => panel.case === 'none'))
  assert.match(renderMarkdown(spared), 'No reset anywhere on the map: `ack-block`.')
})

test('tables have proxies and maxaccepts by connections, and mark what is at the ceiling', () => {
  const result = loadMap(['2.6.12'])
  const tables = mapTables(mapOf(result)!)
  assert.equal(
    tables.map(({ title }) => title),
    ['none on 6.1', 'none on 6.18 host', 'ack-block on 6.1', 'ack-block on 6.18 host'],
  )
  for (const { head, rows } of tables) {
    assert.equal(head, ['proxy', 'maxaccept', '1', '4', '20', '80', '200', '400'])
    assert.is(rows.length, 5)
  }
  const texts = tables.flatMap(({ rows }) => rows.flatMap((row) => row.slice(2)))
  assert.is(texts.filter((text) => text.includes('^')).length, result.cells.filter(isMeasured).filter(atCeiling).length)
  for (const text of [renderMarkdown(result), renderTerminal(result, false)]) assert.match(text, /none on 6\.18 host/)
})

test('a panel has a line a maxaccept, its ceiling dashed in its colour, and hollow points at the ceiling', async () => {
  const map = mapOf(loadMap(['2.6.12']))!
  const panel = map.panels[0]!
  const { text } = await mapPlot(map, panel)
  const dashed = [...text.matchAll(/<path [^>]*stroke="var\(--case(\d)\)"[^>]*stroke-dasharray/g)].map(([, n]) => n)
  // All at once has no ceiling.
  assert.equal(dashed.sort(), ['0', '1', '2', '3'])
  const hollow = text.split('fill="var(--surface)"').length - 1
  const cells = panel.lines.flatMap((line) => line.cells.filter(isMeasured))
  assert.is(hollow, cells.filter(atCeiling).length)
  assert.ok(hollow > 0 && hollow < cells.length)
  // Both ends of the axis can be read: none, a tenth, and hundreds.
  for (const tick of ['0', '0.1', '100', 'connections at a time', 'resets per reload'])
    assert.match(text, `>${tick}</text>`)
})

test.run()
