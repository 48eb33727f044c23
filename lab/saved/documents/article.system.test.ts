import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { understated } from '../../measure/doubts/understated.ts'
import { isMeasured, type MeasuredCell } from '../../model/result.ts'
import { atCeiling, flags } from '../../render/facts/cells/account.ts'
import { REFERENCE, referenceRun } from '../reference.ts'

// The numbers of reports/reference/article.md, each beside the cell that it leads to.

/** About three digits, as the text writes them. */
const written = (value: number) => {
  const size = Math.abs(value)
  const digits = size >= 100 || value === 0 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 3
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}
const lost = ({ connections, ok }: MeasuredCell) => connections - ok
const shareOf = (count: number, of: number) => `${written((100 * count) / Math.max(1, of))} %`

type Interval = { low: number; high: number | null }

/** Everything that may be written of a cell as the text of its link. */
function textsOf(cell: MeasuredCell): string[] {
  const { reloads, exposed, refused, resets, timeouts, connections, kept, causes, latencyMs, slow, priced } = cell
  // Where many reloads met nobody, the others count.
  const few = exposed !== null && exposed > 0 && exposed < 0.95 * reloads
  const [of, unit] = few ? [exposed, 'an exposed reload'] : [reloads, 'a reload']
  // Of resets alone the interval is known.
  const between = ({ low, high }: Interval) => (high === null ? '' : `(${written(low)}–${written(high)}) `)
  const onlyResets = lost(cell) === resets
  const mean = onlyResets && !few ? cell.resetsPerReload.mean : lost(cell) / of
  const each = `${written(mean)} ${onlyResets && !few ? between(cell.resetsPerReload) : ''}${unit}`
  const least = understated(cell, cell.load) ? '≥' : ''
  const ways = { reset: resets, refused, 'gave up': timeouts }
  const how = Object.entries(ways).flatMap(([word, count]) => (count ? [`${count.toLocaleString('en')} ${word}`] : []))
  const part = shareOf(lost(cell), connections)
  return [
    refused > 0 ? `${each}, ${least}${written(refused / of)} of them refused` : each,
    ...(kept ? [`${written(kept.resets / reloads)} a reload, ${kept.resetPosts} POSTs`] : []),
    ...(lost(cell) === 0 ? [`0 in ${exposed} (<${written(100 * cell.lossyReloads.high)} %)`] : []),
    how.length > 0 ? `${part}: ${how.join(', ')} of ${connections.toLocaleString('en')}` : part,
    `${written((1e6 * lost(cell)) / Math.max(1, connections))} ${onlyResets ? between(cell.resetsPerMillionInterval) : ''}`.trim(),
    `${cell.injectErrs.toLocaleString('en')} of ${lost(cell).toLocaleString('en')}`,
    `${causes.acceptQueue.toLocaleString('en')} / ${causes.synRecv.toLocaleString('en')}`,
    `${causes.acceptQueue.toLocaleString('en')} waiting, ${causes.closed.toLocaleString('en')} accepted`,
    `${written(latencyMs.p99)} · ${shareOf(slow, priced)} slow`,
  ]
}

/** What must stand behind the number of a cell, so that nobody takes it for more than it is. */
const marksOf = (cell: MeasuredCell) =>
  (cell.verdict === 'inconclusive' ? '?' : '') +
  [
    ...flags(cell).map(({ word }) => word),
    ...(atCeiling(cell) ? ['capped'] : []),
    ...(cell.verdict === 'contradicts' ? ['contradicts'] : []),
  ]
    .map((word) => ` *${word}*`)
    .join('')

const runs = new Map<string, MeasuredCell[]>()
function cellAt(run: string, folder: string): MeasuredCell | undefined {
  if (!runs.has(run)) runs.set(run, referenceRun(run).cells.filter(isMeasured))
  return runs.get(run)!.find((cell) => cell.folder === folder)
}

test('every number in the walk through the article is that of the cell that it leads to', () => {
  const text = readFileSync(join(REFERENCE, 'article.md'), 'utf8')
  const links = [...text.matchAll(/\[([^\]]+)\]\(<([^/>]+)\/([^>]+)>\)([^|\n]*)/g)]
  assert.ok(links.length > 100, `${links.length} links`)
  for (const [, said, run, folder, behind] of links) {
    const cell = cellAt(run!, folder!)
    assert.ok(cell, `${run}/${folder} is no cell`)
    assert.ok(textsOf(cell).includes(said!), `${run}/${folder}: "${said}", not one of "${textsOf(cell).join('", "')}"`)
    assert.ok(
      behind!.startsWith(marksOf(cell)) && !/^[^a-z]*\*/.test(behind!.slice(marksOf(cell).length)),
      `${run}/${folder}: "${behind}" is not marked "${marksOf(cell)}"`,
    )
  }
})

test.run()
