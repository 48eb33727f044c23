import { stripVTControlCharacters } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isMeasured } from '../measure/result.ts'
import { manyKernels, oneKernel, twoKernels } from './fixture.ts'
import { summaryTable } from './table.ts'

const rowOf = (text: string, name: string) => text.split('\n').find((line) => line.startsWith(`${name} `))!

test('a row a cell, with its verdict as a word and at most 120 columns', () => {
  const result = oneKernel()
  const text = summaryTable(result, false)
  for (const cell of result.cells) {
    const row = rowOf(text, cell.case)
    assert.ok(row.length <= 120, `${row.length} columns`)
    assert.ok(row.endsWith(cell.verdict))
    if (isMeasured(cell))
      for (const count of [cell.connections, cell.resets, cell.injectErrs]) assert.match(row, String(count))
  }
})

test('a failed cell has no digit in its row, and its reason and console below', () => {
  const result = oneKernel()
  const text = summaryTable(result, false)
  for (const cell of result.cells) {
    if (isMeasured(cell)) continue
    assert.not.match(rowOf(text, cell.case).slice(cell.case.length), /\d/)
    for (const line of [cell.reason, ...cell.consoleTail.slice(-8)]) assert.ok(text.includes(line))
  }
})

test('what is skipped, contradicts, is inconclusive or interrupted is told in a line', () => {
  const result = twoKernels()
  const text = summaryTable(result, false)
  for (const { verdict, reason } of result.cells)
    if (verdict !== 'expected')
      assert.ok(text.split('\n').some((line) => line.startsWith(`${verdict}: `) && line.endsWith(reason)))
  for (const { reason } of result.skipped) assert.match(text, `: ${reason}`)
  assert.is(text.includes('interrupted'), result.interrupted)
})

test('a noisy cell says so in its row, and how long it waited below', () => {
  const text = summaryTable(manyKernels(), false)
  const rows = text.split('\n').filter((line) => line.endsWith(', noisy'))
  assert.is(rows.length, 1)
  assert.ok(rows[0]!.length <= 120)
  assert.match(text, /^noisy: .*none on 4\.9 \(23\.0/m)
  const quiet = manyKernels().cells.map((cell) => ({ ...cell, noisy: false }))
  assert.not.match(summaryTable({ ...manyKernels(), cells: quiet }, false), 'noisy')
})

test('a kernel that could not be had is told in a line', () => {
  assert.match(summaryTable(manyKernels(), false), '\nskipped: 3.2: archive.debian.org cannot be reached\n')
})

test('colour changes nothing but the colour', () => {
  const plain = summaryTable(oneKernel(), false)
  const coloured = summaryTable(oneKernel(), true)
  assert.not.match(plain, '\u001b')
  assert.match(coloured, '\u001b')
  assert.is(stripVTControlCharacters(coloured), plain)
})

test.run()
