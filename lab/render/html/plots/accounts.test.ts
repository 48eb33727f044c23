import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cellOf } from '../../fixtures/cell.ts'
import { SIX } from '../../fixtures/results.ts'
import { accountsPlot } from './accounts.ts'

const LONG = 'threads-by-thread-migration'

/** The width of a drawing, and where the names of the cases end, to the left of its axis. */
async function drawn(...names: string[]) {
  const { text } = await accountsPlot(
    names.map((name) => ({ ...cellOf('none', SIX), case: name })),
    20,
    'title',
  )
  const labels = [...text.matchAll(/<text[^>]*text-anchor="end"[^>]*translate\(([\d.]+) [^>]*>([^<]*)</g)]
  return {
    width: Number(/width="([\d.]+)"/.exec(text)![1]),
    names: labels.map(([, end, name]) => ({ name, end: Number(end) })),
  }
}

test('a long name of a case is drawn in full, and has the room for it', async () => {
  const { names } = await drawn('none', LONG)
  assert.equal(
    names.map(({ name }) => name),
    ['none', LONG],
  )
  for (const { name, end } of names) assert.ok(end >= name!.length * 6.5, `${name}: ${end}`)
})

test('room for a name is not taken from the bars', async () => {
  const [short, long] = [await drawn('none'), await drawn(LONG)]
  assert.is(long.width - long.names[0]!.end, short.width - short.names[0]!.end)
  assert.ok(long.width <= 980, `${long.width}`)
})

test.run()
