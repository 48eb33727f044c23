import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isMeasured, type ResultCell } from '../../model/result.ts'
import { lost } from '../../render/facts/cells/account.ts'
import { REFERENCE, referenceRun } from '../reference.ts'

// The tables of reports/reference/README.md that people wrote: each cell is marked as its verdict is, and each sum is one.

const LINES = readFileSync(join(REFERENCE, 'README.md'), 'utf8').split('\n')
const cellsOf = (line: string) =>
  line
    .slice(1, -1)
    .split('|')
    .map((text) => text.trim())
const quoted = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, word]) => word!)

const RUNS: Record<number, string[]> = {
  8: ['2.6.32', '3.9', '4.9', '5.10', '6.1', '6.12', '7', 'host'],
  4: ['proxies-4.9', 'proxies-6.1', 'proxies-7', 'proxies-host'],
}

/** What may stand beside a number, by the verdict of its cell. */
const MARKS = ['inconclusive', 'contradicts'] as const

test('every number of the tables by kernel is marked as its cell is judged', () => {
  let [load, maxaccept, runs]: [string, number, string[]] = ['', 0, []]
  let seen = 0
  for (const line of LINES) {
    if (/^## The article's load/.test(line)) load = 'saturated'
    if (/^## Half of the capacity/.test(line)) load = 'half'
    const [, loads] = line.match(/(?:^|\. )(Half|Saturated):$/) ?? []
    if (loads) load = loads.toLowerCase()
    const [, accepts] = line.match(/maxaccept (\d+)[:. ]/) ?? []
    if (accepts) maxaccept = Number(accepts)
    if (/^\| \| /.test(line)) runs = RUNS[cellsOf(line).length - 1] ?? []
    // Other tables have other numbers.
    if (/^(p99|###)/.test(line)) load = ''
    const [name, ...texts] = line.startsWith('| `') ? cellsOf(line) : []
    if (!name || texts.length !== runs.length || !load) continue
    for (const [i, run] of runs.entries()) {
      const cell = referenceRun(run).cells.find(
        (one) =>
          one.case === quoted(name)[0] &&
          one.load.name === load &&
          one.proxy.name === 'haproxy' &&
          one.proxy.maxaccept === maxaccept,
      )
      const text = texts[i]!
      if (!cell) {
        assert.match(text, /^no /, `${run} ${name} ${load} ${maxaccept}`)
        continue
      }
      seen++
      for (const mark of MARKS)
        assert.is(
          text.includes(`*${mark}*`),
          cell.verdict === mark,
          `${run} ${name} ${load} ${maxaccept}: "${text}", ${cell.verdict}`,
        )
    }
  }
  assert.ok(seen > 250, `${seen} numbers`)
})

test('every sum of the front page is that of its cells', () => {
  const rows = LINES.slice(LINES.indexOf('### The sums of the front page')).filter((line) => /^\| .*`/.test(line))
  const readme = readFileSync(join(REFERENCE, '../../README.md'), 'utf8')
  let sums = 0
  for (const line of rows.slice(0, 8)) {
    const [, cases, proxy, runs, lostThere, exposed] = cellsOf(line)
    const asked = (cell: ResultCell) =>
      quoted(cases!).includes(cell.case) && cell.proxy.name === proxy && cell.verdict !== 'inconclusive'
    const cells = quoted(runs!).flatMap((run) => referenceRun(run).cells.filter(isMeasured).filter(asked))
    const total = (of: (cell: (typeof cells)[number]) => number) => cells.reduce((sum, cell) => sum + of(cell), 0)
    assert.equal([total(lost), total(({ exposed }) => exposed ?? 0)], [Number(lostThere), Number(exposed)], line)
    assert.match(readme, `[${lostThere} in ${exposed}`)
    sums++
  }
  assert.is(sums, 8)
})

test.run()
