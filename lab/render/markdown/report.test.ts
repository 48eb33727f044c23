import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isMeasured } from '../../model/result.ts'
import { whole } from '../../model/text/amounts.ts'
import { again } from '../../model/text/command.ts'
import { manyTwoLoads } from '../fixtures/loads.ts'
import { HOSTILE, hostile, manyKernels, oneKernel, twoKernels } from '../fixtures/results.ts'
import { renderMarkdown } from './report.ts'

/** Tables of a report: lines between blank ones that start with a bar. */
const tables = (text: string) => text.split('\n\n').filter((part) => part.startsWith('| '))
const fields = (line: string) => line.split(/(?<!\\)\|/).length

test('the report names every case, its counts, and how to run it again', () => {
  const result = oneKernel()
  const text = renderMarkdown(result)
  assert.ok(text.startsWith('# '))
  for (const cell of result.cells) {
    const row = text.split('\n').find((line) => line.startsWith(`| \`${cell.case}\` | **${cell.verdict}** |`))!
    assert.ok(row, cell.case)
    if (isMeasured(cell)) assert.match(row, whole(cell.resets))
    else assert.not.match(row.split('|').slice(2).join(''), /\d/)
  }
  for (const { reason } of result.skipped) assert.match(text, reason.slice(0, 20))
  assert.ok(text.includes(again(result.argv)))
  for (const { commands } of result.cases)
    for (const command of Object.values(commands).flat()) assert.ok(text.includes(command), command)
})

test('causes, exposure and proof have tables, and what disturbed a cell has its reason', () => {
  const text = renderMarkdown(manyKernels())
  assert.match(
    text,
    /\n## What reset them\n\n.*\n\n\| case \| where \| resets \| accept queue \| completing \| SYN\\_RECV \| closed by the proxy \| unexplained \|/,
  )
  assert.match(text, /\| `syn-block` \| 64 \| 14 \| .* \| SYNs that its rule dropped: 5,120 \| slow, timeouts, 99/)
  assert.match(
    text,
    '- **noisy** `none` on 4.9: its CPUs were taken by others 23 % of the time; 632 connections lost, left out of',
  )
  assert.match(text, 'EstabResets − resets')
})

test('several kernels get a table of kernels by cases, and an interrupted run says so at the top', () => {
  const result = twoKernels()
  const text = renderMarkdown(result)
  assert.match(text, '| kernel | `none` |')
  assert.is(text.slice(0, 300).includes('Interrupted'), result.interrupted)
})

test('kernels by cases come before any table of one kernel', () => {
  const text = renderMarkdown(manyKernels())
  const [overview] = tables(text)
  const row = (label: string) => overview!.split('\n').find((line) => line.startsWith(`| \`${label}\` |`))!
  assert.match(row('2.6.32'), /\+ \d+ refused; ✓/)
  assert.match(row('2.6.32'), 'skipped: no plug-qdisc')
  assert.match(row('4.9'), '; noisy |')
  assert.match(row('3.2'), 'unavailable')
  assert.ok(text.indexOf('| kernel | `none` |') < text.indexOf('| case | verdict |'))
  for (const title of ['Kernels', 'When they were reset']) assert.match(text, `## ${title}\n`)
  for (const table of tables(text)) assert.is(new Set(table.split('\n').map(fields)).size, 1, table)
})

test('whatever is put in, rows keep their fields, fences close, and no HTML gets through', () => {
  const text = renderMarkdown(hostile())
  for (const table of tables(text)) {
    const widths = new Set(table.split('\n').map(fields))
    assert.is(widths.size, 1, table)
  }
  let fence = ''
  for (const line of text.split('\n')) {
    const [run] = /^`{3,}/.exec(line) ?? []
    if (!fence && run) fence = run
    else if (fence && line === fence) fence = ''
    // What stands in backticks or a fence is shown as it is.
    else if (!fence) assert.not.match(line.replaceAll(/\\`|(?<!`)(`+)(?!`).*?[^`]\1(?!`)/g, ''), '<script>')
  }
  assert.is(fence, '')
  assert.ok(text.includes(HOSTILE))
})

test('of many cells there are tables over all, and no charts or commands of each', () => {
  const one = manyTwoLoads()
  const cells = one.cells.flatMap((cell) => [cell, { ...cell, proxy: { ...cell.proxy, maxaccept: 64 } }])
  const [some, many] = [renderMarkdown(one), renderMarkdown({ ...one, cells })]
  for (const text of [some, many])
    for (const head of ['Kernels and cases', 'Load by load']) assert.match(text, `## ${head}\n`)
  assert.match(some, '## Guests\n')
  assert.not.match(many, '## Guests\n')
  assert.match(many, 'This report leaves out the charts by reload, latencies')
})

test.run()
