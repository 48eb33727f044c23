import { stripVTControlCharacters } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isMeasured, type Result } from '../../model/result.ts'
import { groupsOf } from '../facts/groups/groups.ts'
import { manyKernels, oneKernel, twoKernels } from '../fixtures/results.ts'
import { comparisonSections } from '../tables/comparison.ts'
import { resetsChart } from './chart.ts'
import { comparisonText } from './comparison.ts'
import { columnsOf, WIDTH, widthOf, wrap } from './fit.ts'
import { plainTable } from './plain.ts'
import { ruled } from './ruled.ts'
import { summaryText } from './summary.ts'

const WIDTHS = [60, 80, 120, 200]

function fits(text: string, width: number) {
  for (const line of text.split('\n')) assert.ok(widthOf(line) <= width, `${widthOf(line)} > ${width}: ${line}`)
}

test('COLUMNS goes before the terminal, and both stay within reason', () => {
  const terminal = { isTTY: true, columns: 100 }
  assert.is(columnsOf(terminal, {}), 100)
  assert.is(columnsOf(terminal, { COLUMNS: '80' }), 80)
  assert.is(columnsOf({}, {}), WIDTH)
  assert.is(columnsOf({ isTTY: true, columns: 0 }, {}), WIDTH)
  assert.is(columnsOf({}, { COLUMNS: '80' }), 80)
  assert.is(columnsOf(terminal, { COLUMNS: 'wide' }), 100)
  assert.is(columnsOf({ isTTY: true, columns: 20 }, {}), 60)
  assert.is(columnsOf({ isTTY: true, columns: 500 }, {}), 200)
})

test('text is broken between words, else where they are joined, else anywhere', () => {
  assert.equal(wrap('one two three', 7), ['one two', 'three'])
  assert.equal(wrap('a\nb', 10), ['a', 'b'])
  assert.equal(wrap('', 10), [''])
  assert.equal(wrap('linux-image-6.1.0-56-cloud-amd64', 16), ['linux-image-6.1.', '0-56-cloud-amd64'])
  assert.equal(wrap('x'.repeat(25), 10), ['x'.repeat(10), 'x'.repeat(10), 'x'.repeat(5)])
  assert.equal(wrap('a linux-image', 8), ['a linux-', 'image'])
  const painted = '\u001b[1mnone\u001b[22m: 5'
  assert.equal(wrap(painted, 7), [painted])
})

const HEAD = ['name', 'what it is', 'where']
const ROWS = [
  [
    'syn-block',
    'Drop SYNs while the proxy reloads, so that nothing is half open when the old listener closes.',
    'Linux',
  ],
  ['none', '', 'linux-image-6.1.0-56-cloud-amd64\n6.1.192-2'],
  ['a-name-that-is-rather-long', 'short', 'BPF_SK_REUSEPORT_SELECT_OR_MIGRATE'],
]

test('a table with rules fits, loses nothing, and breaks no name', () => {
  for (const width of [...WIDTHS, 30]) {
    const text = ruled(HEAD, ROWS, width)
    fits(text, width)
    const letters = (texts: string) => [...texts.replace(/[^\w]/g, '')].sort().join('')
    const [all, shown] = [letters([...HEAD, ...ROWS.flat()].join('')), letters(text)]
    if (text.includes('│')) assert.is(shown, all, `${width}`)
    else for (const word of ['syn-block', 'Drop', '6.1.192-2', 'short']) assert.match(text, word)
    for (const [name] of ROWS) assert.match(text, name!)
  }
  assert.match(ruled(HEAD, ROWS, 200), ROWS[0]![1]!)
  assert.not.match(ruled(HEAD, ROWS, 30), '│')
})

test('a table takes no more room than it needs', () => {
  assert.is(widthOf(ruled(['a', 'b'], [['1', '2']], 200)), 9)
})

test('columns that do not fit go into further tables, each with the names of the rows', () => {
  const head = ['case', ...Array.from({ length: 12 }, (_, i) => `column${i}`)]
  const rows = [
    ['none', ...head.slice(1).map((_, i) => `${1000 + i}`)],
    ['syn-block', 'only this'],
  ]
  for (const width of WIDTHS) {
    const text = plainTable(head, rows, width, { align: 'right', gap: 1 })
    fits(text, width)
    for (const name of head.slice(1)) assert.is(text.split(name).length >= 2, true, name)
    for (let i = 0; i < 12; i++) assert.match(text, String(1000 + i))
    const parts = text.split('\n\n')
    for (const part of parts) for (const name of ['case', 'none', 'syn-block']) assert.match(part, name)
    assert.is(parts.length > 1, width < 120)
  }
})

const RESULTS: Record<string, Result> = { oneKernel: oneKernel(), twoKernels: twoKernels(), manyKernels: manyKernels() }

for (const width of WIDTHS)
  test(`what a run prints fits into ${width} columns`, () => {
    for (const [name, result] of Object.entries(RESULTS)) {
      const all = groupsOf(result)
      for (const colour of [false, true]) {
        // Below the tables each reason is a line.
        const summary = summaryText({ ...result, skipped: [] }, all, colour, width)
        const tables = stripVTControlCharacters(summary).replace(
          /\n(expected|contradicts|inconclusive|failed|noisy): [\s\S]*/,
          '',
        )
        fits(tables, width)
        for (const cell of result.cells.filter(isMeasured)) assert.match(tables, String(cell.connections), name)
        for (const head of ['reloads', 'inject', 'conn/s', 'verdict']) assert.match(tables, head)
        for (const section of comparisonSections(result, all)) fits(comparisonText(section, colour, width), width)
        fits(resetsChart(groupsOf(result), colour, width), width)
      }
    }
  })

test('more room is used by fewer tables', () => {
  const [section] = comparisonSections(manyKernels(), groupsOf(manyKernels()))
  const tables = (width: number) => comparisonText(section!, false, width).match(/^kernel /gm)!.length
  assert.ok(tables(60) > tables(120))
})

test.run()
