import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isMeasured, type MeasuredCell } from '../model/result.ts'
import { REFERENCE, referenceRun } from './reference.ts'

// The numbers of reports/reference/article.md, each beside the cell that it leads to.

/** About three digits, as the text writes them. */
const written = (value: number) => {
  const size = Math.abs(value)
  const digits = size >= 100 || value === 0 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 3
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}
const lost = ({ connections, ok }: MeasuredCell) => connections - ok
const each = (count: number, { reloads }: MeasuredCell) => written(count / reloads)

/** Everything that may be written of a cell as the text of its link. */
const textsOf = (cell: MeasuredCell): string[] => [
  ...(cell.reloads > 0 ? [`${each(lost(cell), cell)} a reload`] : []),
  ...(cell.refused > 0 ? [`${each(lost(cell), cell)} a reload, ${each(cell.refused, cell)} of them refused`] : []),
  ...(cell.kept ? [`${each(cell.kept.resets, cell)} a reload`] : []),
  ...(lost(cell) === 0 ? [`0 in ${cell.exposed}`] : []),
  `${written((100 * lost(cell)) / Math.max(1, cell.connections))} %`,
  written(cell.latencyMs.p99),
]

const runs = new Map<string, MeasuredCell[]>()
function cellAt(run: string, folder: string): MeasuredCell | undefined {
  if (!runs.has(run)) runs.set(run, referenceRun(run).cells.filter(isMeasured))
  return runs.get(run)!.find((cell) => cell.folder === folder)
}

test('every number in the walk through the article is that of the cell that it leads to', () => {
  const text = readFileSync(join(REFERENCE, 'article.md'), 'utf8')
  const links = [...text.matchAll(/\[([^\]]+)\]\(<([^/>]+)\/([^>]+)>\)/g)]
  assert.ok(links.length > 100, `${links.length} links`)
  for (const [, said, run, folder] of links) {
    const cell = cellAt(run!, folder!)
    assert.ok(cell, `${run}/${folder} is no cell`)
    assert.ok(textsOf(cell).includes(said!), `${run}/${folder}: "${said}", not one of "${textsOf(cell).join('", "')}"`)
  }
})

test.run()
