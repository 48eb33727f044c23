import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isMeasured, type MeasuredCell, type Result } from '../../model/result.ts'
import { groupsOf } from '../facts/groups/groups.ts'
import { changed, manyKernels, twoKernels } from '../fixtures/results.ts'
import { acrossKernels } from './across.ts'
import { headline } from './headline.ts'

const said = (result: Result) => acrossKernels(groupsOf(result))
const headlineOf = (result: Result) => headline(result, groupsOf(result)).title

/** A result in which a case resets on these series alone: in each of its reloads, or in one. */
function resetting(name: string, series: string[], each = true): Result {
  const result = manyKernels()
  const cells = result.cells.map((cell) => {
    if (cell.case !== name || !isMeasured(cell)) return cell
    const hit = series.includes(cell.series)
    const resets = hit ? 9 : 0
    const resetsByReload = cell.resetsByReload.map((_, i) => (hit && (each || i === 0) ? 1 : 0))
    return {
      ...cell,
      resets,
      resetsByReload,
      resetsPerReload: { mean: resets / 10, low: 0, high: hit ? 1 : 0.05 },
    } as MeasuredCell
  })
  return { ...result, cells }
}

test('a sentence names from which kernel on a case loses none, or loses some', () => {
  const cured = said(resetting('fd-passing', ['2.6.32', '3.9', '4.9'])).join('\n')
  assert.match(cured, '`fd-passing` depends on the kernel: up to 0.90 resets per reload up to 4.9, none from 5.10 on.')
  const broken = said(resetting('fd-passing', ['6.12', '6.18', '7.2'])).join('\n')
  assert.match(broken, '`fd-passing` depends on the kernel: none up to 6.1, up to 0.90 resets per reload from 6.12 on.')
  const neither = said(resetting('fd-passing', ['3.9', '6.12'])).join('\n')
  assert.match(
    neither,
    'up to 0.90 resets per reload on 3.9 and 6.12, none on 2.6.32, 4.9, 5.10, 6.1, 6.18 host and 7.2.',
  )
})

test('one reset on one kernel does not show that the kernel matters', () => {
  const words = said(resetting('fd-passing', ['6.12'], false)).join('\n')
  assert.not.match(words, 'depends on the kernel')
  assert.match(
    words,
    /`fd-passing`: up to .* resets per reload on 6\.12, none seen on .*; these are not known to differ\./,
  )
})

test('what holds everywhere is said once, with the kernels that could run it', () => {
  const words = said(manyKernels())
  assert.ok(words.length <= 11, words.join('\n'))
  const lossy = words.find((sentence) => sentence.startsWith('These cases lost'))!
  for (const name of ['none', 'ack-block']) assert.match(lossy, `\`${name}\``)
  const spared = words.find((sentence) => sentence.includes('reset and refused no connection'))!
  assert.match(spared, '`ebpf` (from 4.9 on)')
  assert.match(spared, '`syn-delay` (not on 2.6.32 and 6.18 host)')
  assert.not.match(spared, '`fd-passing` (')
  assert.match(spared, 'each had at least 14 exposed reloads (<19.3\u00a0% of them lose any)')
})

test('a noisy cell is in no comparison over kernels', () => {
  const result = changed(manyKernels(), 'none', { resetsPerReload: { mean: 99, low: 98, high: 100 } }, '4.9')
  const words = said(result)
  assert.not.match(headlineOf(result), '99')
  for (const sentence of words.filter((one) => one.includes('`none`'))) assert.not.match(sentence, /99|\(4\.9\)/)
})

test('refused connections are not passed over', () => {
  const words = said(manyKernels()).join('\n')
  assert.match(words, /On 2\.6\.32 connections were refused, not only reset: up to \d+ per reload/)
  assert.match(
    headlineOf(manyKernels()),
    /^From Linux 2\.6\.32 to 7\.2: a reload without a mitigation resets up to .* and refuses up to \d+ conn/,
  )
  assert.not.match(headlineOf(twoKernels()), 'refuses')
})

test('a case without an answer anywhere is not said to have reset none', () => {
  const result = manyKernels()
  const cells = result.cells.map((cell) =>
    cell.case === 'fd-passing' ? { ...cell, verdict: 'inconclusive' as const } : cell,
  ) as Result['cells']
  const words = said({ ...result, cells })
  assert.not.match(words.join(), '`fd-passing`')
})

test.run()
