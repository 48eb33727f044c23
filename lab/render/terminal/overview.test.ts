import { stripVTControlCharacters } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isMeasured, type Result } from '../../model/result.ts'
import { groups } from '../facts/groups.ts'
import { manyKernels, oneKernel, twoKernels } from '../fixtures/results.ts'
import { kernelBars, matrixTable } from './overview.ts'
import { renderTerminal } from './terminal.ts'

const table = (result: Result) => matrixTable(result, groups(result), false)
const bars = (result: Result) => kernelBars(result, groups(result), false)

/** The lines of a row, and where its fields begin. */
function fieldsOf(text: string, label: string, name: string): string[] {
  const lines = text.split('\n')
  const head = lines.findIndex((line) => line.startsWith('kernel ') && line.includes(` ${name}`))
  const from = lines[head]!.indexOf(` ${name}`) + 1
  const start = lines.findIndex((line, i) => i > head && line.startsWith(`${label} `))
  const after = lines.findIndex((line, i) => i > start && !line.startsWith(' '))
  return lines.slice(start, after).map((line) => line.slice(from).split('  ')[0]!.trim())
}

test('seven cases on nine kernels fit into 120 columns; more cases go below', () => {
  const result = manyKernels()
  const text = table(result)
  for (const line of text.split('\n')) assert.ok(line.length <= 120, line)
  assert.is(text.match(/^kernel /gm)!.length, 1)
  const more = result.cells.map((cell) => ({ ...cell, case: `${cell.case}-again` }))
  const twice = table({ ...result, cells: [...result.cells, ...more] as Result['cells'] })
  for (const line of twice.split('\n')) assert.ok(line.length <= 120, line)
  assert.is(twice.match(/^kernel /gm)!.length, 2)
})

test('a field has mean, interval, mark, and what was refused', () => {
  const result = manyKernels()
  const text = table(result)
  const field = fieldsOf(text, '2.6.32', 'none')
  assert.match(field[0]!, /^[\d.]+ =$/)
  assert.match(field[1]!, /^[\d.]+-[\d.]+$/)
  assert.match(field[2]!, /^\+ \d+ refused$/)
  assert.equal(fieldsOf(text, '6.1', 'syn-block').slice(0, 3), ['0 =', 'in 14 of 64', '<19.3 %'])
  assert.match(fieldsOf(text, '4.9', 'none')[0]!, '=~')
  assert.is(fieldsOf(text, '3.9', 'ebpf')[0], '- skipped')
  assert.is(fieldsOf(text, '3.2', 'none')[0], 'not had')
})

test('what is not as expected has its word, and a failed cell no digit', () => {
  const doubted = table(twoKernels())
  assert.ok(fieldsOf(doubted, '5.10', 'ack-block').includes('contradicts'))
  assert.ok(fieldsOf(doubted, '5.10', 'syn-delay').includes('inconclusive'))
  const result = twoKernels()
  const failing = oneKernel().cells.filter((cell) => !isMeasured(cell))
  const cells = result.cells.map((cell) => failing.find((failed) => failed.folder === cell.folder) ?? cell)
  assert.is(fieldsOf(table({ ...result, cells }), '6.1', 'ebpf')[0], 'x failed')
})

test('bars for what was lost, resets and refused apart, every kernel in each', () => {
  const text = bars(manyKernels())
  const [resets, refused] = text.split('Refused connections') as [string, string]
  for (const part of [resets, refused]) {
    assert.match(part, /\n(none|ack-block)\n {2}2\.6\.32/)
    for (const label of ['2.6.32', '3.9', '6.18 host', '7.2'])
      assert.is(part.split('\n').filter((line) => line.startsWith(`  ${label} `)).length, 2)
    assert.not.match(part, '\nfd-passing')
    assert.match(part, /3\.2 +could not be had/)
  }
  assert.match(refused, /2\.6\.32 +█+░+ +\d+ \(/)
  assert.match(refused, /6\.1 +0 \(in 64 exposed of 64 reloads\)/)
  assert.match(resets, /4\.9 .* noisy\)/)
  for (const line of text.split('\n')) assert.ok(line.length <= 100, line)
})

test('nothing lost is nothing drawn', () => {
  const result = manyKernels()
  const spared = result.cells.filter((cell) => isMeasured(cell) && cell.resets + cell.refused === 0)
  assert.is(bars({ ...result, cells: spared }), '')
})

test('one kernel has no comparison; of many it comes last', () => {
  assert.not.match(renderTerminal(oneKernel(), false), 'Kernels and cases')
  const text = renderTerminal(manyKernels(), false)
  assert.ok(text.indexOf('Kernels and cases') > text.lastIndexOf('closed loop'))
  assert.not.match(text, 'Resets by reload')
  assert.is(stripVTControlCharacters(renderTerminal(manyKernels(), true)), text)
})

test.run()
