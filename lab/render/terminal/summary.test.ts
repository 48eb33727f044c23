import { stripVTControlCharacters } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isMeasured, type Result } from '../../model/result.ts'
import { groupsOf } from '../facts/groups/groups.ts'
import { changed, manyKernels, oneKernel, twoKernels } from '../fixtures/results.ts'
import { resetsChart } from './chart.ts'
import { summaryText } from './summary.ts'

/** The rows of a case, one of each table of its group. */
const rowsOf = (text: string, name: string) => text.split('\n').filter((line) => line.startsWith(`${name} `))
/** Lines of tables: those that begin with a case, or with the blanks above it. */
const tableLines = (result: Result, text: string) =>
  text.split('\n').filter((line) => result.cells.some((cell) => line.startsWith(`${cell.case} `)))

test('a row a cell in each table, with its verdict as a word, counts, exposure and causes', () => {
  const result = oneKernel()
  const text = summaryText(result, groupsOf(result), false)
  for (const cell of result.cells) {
    const [row, ...others] = rowsOf(text, cell.case)
    assert.match(row!, new RegExp(`^${cell.case} +${cell.verdict} `))
    if (!isMeasured(cell)) continue
    const said = [row, ...others].join(' ').split(/ +/)
    const { acceptQueue, synRecv } = cell.causes
    for (const count of [cell.connections, cell.resets, cell.injectErrs, acceptQueue, synRecv])
      assert.ok(said.includes(String(count)), `${cell.case} ${count}`)
  }
  assert.match(rowsOf(text, 'syn-block')[0]!, /expected +0 +0 +64 +14 +<19\.3% +0 +0 /)
  assert.match(rowsOf(text, 'none')[0]!, /expected +632 +9\.88 \(\d\.\d+-1\d\.\d+\) +64 +64 +87\.5%/)
})

test('no table is wider than the terminal, and none says less for it', () => {
  const result = manyKernels()
  const words = (width: number) =>
    tableLines(result, summaryText(result, groupsOf(result), false, width))
      .flatMap((line) => line.split(/ +/).slice(1))
      .sort()
  for (const width of [60, 80, 120, 200]) {
    for (const line of tableLines(result, summaryText(result, groupsOf(result), false, width)))
      assert.ok(line.length <= width, `${width}: ${line}`)
    for (const line of resetsChart(groupsOf(result), false, width)
      .split('\n')
      .filter((line) => /[┤┼]/.test(line)))
      assert.ok(line.length <= width, `${width}: ${line}`)
    assert.equal(words(width), words(120))
  }
})

test('a failed cell has no digit in its row, and its reason and console below', () => {
  const result = oneKernel()
  const text = summaryText(result, groupsOf(result), false)
  for (const cell of result.cells) {
    if (isMeasured(cell)) continue
    for (const row of rowsOf(text, cell.case)) assert.not.match(row.slice(cell.case.length), /\d/)
    for (const line of [cell.reason, ...cell.consoleTail.slice(-8)]) assert.ok(text.includes(line))
  }
})

test('what is skipped, contradicts, is inconclusive or interrupted is told in a line', () => {
  const result = twoKernels()
  const text = summaryText(result, groupsOf(result), false)
  for (const { verdict, reason } of result.cells)
    if (verdict !== 'expected')
      assert.ok(text.split('\n').some((line) => line.startsWith(`${verdict}: `) && line.endsWith(reason)))
  for (const { reason } of result.skipped) assert.match(text, `: ${reason}`)
  assert.is(text.includes('interrupted'), result.interrupted)
})

test('a noisy or overloaded cell says so in its row, and why below', () => {
  const load = { ...oneKernel().cells[0]!.load, rate: 900 }
  const result = changed(manyKernels(), 'fd-passing', { load, waiting: 5000 }, '4.9')
  const text = summaryText(result, groupsOf(result), false)
  assert.is(text.split('\n').filter((line) => /^none +expected, noisy /.test(line)).length, 1)
  assert.is(text.split('\n').filter((line) => /^fd-passing +expected, overloaded /.test(line)).length, 1)
  assert.match(text, /\nnoisy: none on 4\.9.*: its CPUs were taken by others 23 % of the time; 632 conn/)
  assert.match(text, /\noverloaded: fd-passing on 4\.9.*: 900 arrivals a second were asked for, 640 were made; 5,000/)
  assert.not.match(summaryText(oneKernel(), groupsOf(oneKernel()), false), /noisy|overloaded/)
})

test('a reload that refuses loses, and a lower bound is one in ASCII, too', () => {
  const none = oneKernel().cells.find(isMeasured)!
  const refusedByReload = none.resetsByReload.map(() => 10)
  const refused = { refused: 640, refusedByReload, wire: { ...none.wire, fromClient: 9 } }
  const rowIn = (result: Result) => rowsOf(summaryText(result, groupsOf(result), false, 300), 'none').join('\n')
  assert.match(rowIn(oneKernel()), / 87\.5% +0 /)
  assert.match(rowIn(changed(oneKernel(), 'none', refused)), / 100% +>=640 /)
})

test('conditions speak of a pause, and of the reloads a second that came of it', () => {
  assert.match(summaryText(oneKernel(), groupsOf(oneKernel()), false, 200), 'reloads for 7.5 s and pauses of 100 ms;')
  assert.match(summaryText(oneKernel(), groupsOf(oneKernel()), false), '; 4.27 reloads a second\n')
})

test('an unavailable kernel is told in a line', () => {
  assert.match(
    summaryText(manyKernels(), groupsOf(manyKernels()), false),
    '\nskipped: 3.2: archive.debian.org cannot be reached\n',
  )
})

test('colour changes nothing but the colour', () => {
  const plain = summaryText(oneKernel(), groupsOf(oneKernel()), false)
  const coloured = summaryText(oneKernel(), groupsOf(oneKernel()), true)
  assert.not.match(plain, '\u001b')
  assert.match(coloured, '\u001b')
  assert.is(stripVTControlCharacters(coloured), plain)
})

test.run()
