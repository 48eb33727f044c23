import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cellOf } from './fixture-cell.ts'
import { comparisonPlot, reloadsPlot, stacks } from './plots.ts'

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
  const { text } = await reloadsPlot(cellOf('ack-block', on), 20)
  assert.ok(fills(text, 'reply') > 60 && fills(text, 'reset') > 60)
  assert.is(fills((await reloadsPlot({ ...none, repliesByReload: null }, 20)).text, 'reply'), 0)
})

test('a bar is made of its causes, a zero has its exposure and no whisker', async () => {
  const cells = [{ ...none, causes: { ...none.causes, unexplained: 30 } }, cellOf('syn-block', on)]
  const { text } = await comparisonPlot(cells, 20, 'a title')
  assert.is(fills(text, 'reply'), 1)
  assert.ok(fills(text, 'muted') >= 1)
  assert.match(text, />0 \(in 14 exposed of 64 reloads, &lt;19\.3\s%\)</)
  const whiskers = text.split('stroke="var(--ink)"').length - 1
  assert.is(whiskers, 3)
})

test.run()
