import { stripVTControlCharacters } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isMeasured, type Result } from '../../model/result.ts'
import { groupsOf } from '../facts/groups/groups.ts'
import { manyKernels, oneKernel, twoKernels } from '../fixtures/results.ts'
import { comparisonSections } from '../tables/comparison.ts'
import { comparisonText } from './comparison.ts'
import { renderTerminal } from './report.ts'

const table = (result: Result) => comparisonText(comparisonSections(result, groupsOf(result))[0]!, false)

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
  assert.is(fieldsOf(text, '3.2', 'none')[0], 'unavailable')
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

test('one kernel has no comparison; of many it comes last', () => {
  assert.not.match(renderTerminal(oneKernel(), false), 'Kernels and cases')
  const text = renderTerminal(manyKernels(), false)
  assert.ok(text.indexOf('Kernels and cases') > text.lastIndexOf('closed loop'))
  assert.not.match(text, 'Resets by reload')
  assert.is(stripVTControlCharacters(renderTerminal(manyKernels(), true)), text)
})

test('of several runs what differs is printed, and what each of them found is left to the saved report', () => {
  const result = twoKernels()
  const runs = result.cells.map((_, i) => (i < result.cells.length / 2 ? 'before' : 'after'))
  const text = renderTerminal(result, false, runs)
  assert.match(text, 'Kernels and cases')
  assert.match(text, 'is in the saved report')
  for (const whole of [/^case +verdict/m, 'Load by load', 'Resets by reload']) assert.not.match(text, whole)
  // What must be seen before any number, and the answer last.
  assert.ok(text.indexOf('contradicts: ack-block') < text.indexOf('Kernels and cases'))
  assert.ok(text.lastIndexOf('saved report') < text.lastIndexOf('a reload without a mitigation'))
  assert.match(renderTerminal(result, false), /^case +verdict/m)
})

test('a single run whose reports are made again is printed whole', () => {
  const result = oneKernel()
  assert.match(
    renderTerminal(
      result,
      false,
      result.cells.map(() => 'it'),
    ),
    /^case +verdict/m,
  )
})

test.run()
