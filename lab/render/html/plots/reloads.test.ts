import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { bootEnds } from '../../facts/cells/numbers.ts'
import { cellOf } from '../../fixtures/cell.ts'
import { accountsPlot } from './accounts.ts'
import { apart, columnText, reloadsPlot, stacks } from './reloads.ts'

const on = { kernel: '6.1', series: '6.1' }
const none = cellOf('none', on)
const fills = (svg: string, colour: string) => svg.split(`fill="var(--${colour})"`).length - 1

test('resets of a reload are stacked: of its own accord, and in reply; together they are its resets', () => {
  const both = stacks({ resetsByReload: [9, 12, 0], repliesByReload: [2, 12, 0] })
  assert.equal(both, { own: [7, 0, 0], replies: [2, 12, 0] })
  assert.equal(stacks({ resetsByReload: [9, 1], repliesByReload: null }), { own: [9, 1], replies: [0, 0] })
  // The wire shows one more than the generator has: the column is still the generator's.
  assert.equal(stacks({ resetsByReload: [1], repliesByReload: [2] }), { own: [0], replies: [1] })
})

test('both kinds are drawn, each in its colour', async () => {
  // Each kind is one path, a stroke a reload.
  const strokes = (text: string, colour: string) =>
    (new RegExp(`<path d="([^"]*)"[^>]*stroke="var\\(--${colour}\\)"`).exec(text)?.[1] ?? '').split('M').length - 1
  const { text } = await reloadsPlot(cellOf('ack-block', on), 20)
  assert.equal([strokes(text, 'reset'), strokes(text, 'reply')], [64, 64])
  const untold = (await reloadsPlot({ ...none, repliesByReload: null }, 20)).text
  assert.equal([strokes(untold, 'reset'), strokes(untold, 'reply')], [56, 0])
})

test('a column can be pointed at and tells its reload; those side by side without a reset are one', async () => {
  assert.equal(apart([0, 0, 3, 3, 0]), [
    { from: 0, to: 1 },
    { from: 2, to: 2 },
    { from: 3, to: 3 },
    { from: 4, to: 4 },
  ])
  assert.is(
    columnText(6, 7, [0, 0, 0, 0, 0, 0, 9], [0, 0, 0, 0, 0, 0, 3]),
    'reload 7: 12 resets, 3 in reply to a segment',
  )
  assert.is(columnText(0, 2, [1, 0, 5], [0, 0, 0]), 'reloads 1 to 2: 1 reset')
  const { text } = await reloadsPlot(none, 20)
  const told = [...text.matchAll(/<path [^>]*><title>(reloads? (\d+)(?: to (\d+))?: (\d+) reset)/g)]
  // Each reload once, and all resets.
  assert.is(
    told.reduce((sum, [, , , , resets]) => sum + Number(resets), 0),
    none.resets,
  )
  assert.is(
    told.reduce((sum, [, , from, to]) => sum + (to ? Number(to) - Number(from) + 1 : 1), 0),
    none.reloads,
  )
})

test('a bar is made of its causes, a zero has its exposure and no whisker', async () => {
  const cells = [{ ...none, causes: { ...none.causes, unexplained: 30 } }, cellOf('syn-block', on)]
  const { text } = await accountsPlot(cells, 20, 'a title')
  assert.is(fills(text, 'reply'), 1)
  assert.ok(fills(text, 'muted') >= 1)
  assert.match(text, />0 \(in 14 exposed of 64 reloads, &lt;19\.3\s%\)</)
  const whiskers = text.split('stroke="var(--ink)"').length - 1
  assert.is(whiskers, 3)
})

test("what the article's tool saw and what it hid stand below the causes, full and hollow", async () => {
  const cells = [none, cellOf('ack-block', on)]
  const { text } = await accountsPlot(cells, 20, 'a title')
  assert.match(text, '>inject: 31 as errs, 601 hidden<')
  assert.match(text, '>inject: 0 as errs, 672 hidden<')
  const bars = [...text.matchAll(/<path d="M([\d.]+) [\d.]+l([\d.]+) 0[^>]*fill="var\(--(inject|surface)\)"/g)]
  // Per case the hollow one, then the full one; together they are as long as the resets.
  const [hid, saw] = bars.map(([, , width]) => Number(width)) as [number, number]
  assert.ok(Math.abs(hid / (hid + saw) - 601 / 632) < 0.01, `${hid} ${saw}`)
})

test('a thin line ends each boot but the last', async () => {
  assert.equal(bootEnds(none), [32])
  const thirds = [10, 20, 34].map((reloads) => ({ ...none.byBoot[0]!, reloads }))
  assert.equal(bootEnds({ byBoot: thirds }), [10, 30])
  const lines = async (cell: typeof none) => (await reloadsPlot(cell, 20)).text.split('stroke-dasharray').length - 1
  assert.is(await lines({ ...none, byBoot: thirds }), 2)
  assert.is(await lines({ ...none, byBoot: none.byBoot.slice(0, 1) }), 0)
})

test.run()
