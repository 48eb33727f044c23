import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isMeasured } from '../measure/result.ts'
import { lost } from './account.ts'
import { answer, headline } from './answer.ts'
import { oneKernel, twoKernels } from './fixture.ts'

const sentences = (result: Parameters<typeof answer>[0]) => answer(result).each.map(({ words }) => words)

test('every case is named in its group, with what became of it', () => {
  const result = oneKernel()
  const [words] = sentences(result) as [string[]]
  for (const cell of result.cells) {
    const about = words.find((sentence) => sentence.includes(`\`${cell.case}\``))
    assert.ok(about, cell.case)
    if (!isMeasured(cell)) assert.match(about!, 'No answer')
    else if (cell.reloads > 0)
      assert.match(words.join(' '), lost(cell) > 0 ? `\`${cell.case}\` lost connections` : 'lost none')
  }
})

test('what failed or is inconclusive is never said to have lost none', () => {
  const result = twoKernels()
  for (const verdict of ['failed', 'inconclusive'] as const) {
    const cells = result.cells.map((cell) => ({ ...cell, verdict })) as typeof result.cells
    const said = [headline({ ...result, cells }), ...sentences({ ...result, cells }).flat()].join(' ')
    assert.not.match(said, 'lost none')
    assert.match(said, 'No answer')
  }
})

test('nothing measured is nothing said', () => {
  assert.equal(answer({ ...oneKernel(), cells: [] }), { whole: ['Nothing was measured.'], each: [] })
})

test('what a case costs is relative to none; without it only the slow ones are known', () => {
  const result = oneKernel()
  const without = { ...result, cells: result.cells.filter((cell) => cell.case !== 'none') }
  assert.match(sentences(result).flat().join(' '), 'instead of')
  assert.not.match(sentences(without).flat().join(' '), 'instead of')
})

test.run()
