import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isMeasured, type Result } from '../measure/result.ts'
import { hostile, oneKernel, twoKernels } from './fixture.ts'
import { whole } from './format.ts'
import { renderHtml } from './html.ts'
import { merge } from './merge.ts'

const VOID = new Set(['meta', 'br'])

/** The names of a page's elements; fails when one is not closed where it should be. */
function elements(page: string): string[] {
  const open: string[] = []
  const seen: string[] = []
  for (const [, close, name] of page
    .replace(/<!doctype html>|<style>[\s\S]*?<\/style>/g, '')
    .matchAll(/<(\/?)([a-zA-Z]\w*)(?:[^<>"]|"[^"]*")*>/g)) {
    if (close) assert.is(open.pop(), name)
    else {
      seen.push(name!)
      if (!VOID.has(name!)) open.push(name!)
    }
  }
  assert.equal(open, [])
  return seen
}

const count = (items: string[], name: string) => items.filter((item) => item === name).length

/** The drawings a result needs: one a reloaded cell, and for each group a comparison and the latencies. */
const drawings = ({ cells }: Result, groups: number) =>
  cells.filter((cell) => isMeasured(cell) && cell.reloads > 0).length + 2 * groups

test('a page that is whole, draws everything and needs nothing from elsewhere', async () => {
  const result = oneKernel()
  const page = await renderHtml(result)
  const seen = elements(page)
  assert.is(count(seen, 'svg'), drawings(result, 1))
  assert.is(count(seen, 'script') + count(seen, 'link') + count(seen, 'img'), 0)
  assert.not.match(page, /https?:|url\(|@import/)
  assert.is(count(seen, 'details'), result.cells.length)
  for (const cell of result.cells) if (isMeasured(cell)) assert.ok(page.includes(`>${whole(cell.connections)}<`))
})

test('every drawing has a title and a description, and no colour of its own', async () => {
  const page = await renderHtml(oneKernel())
  for (const [svg] of page.matchAll(/<svg[\s\S]*?<\/svg>/g)) {
    assert.match(svg, /role="img"><title>[^<]+<\/title><desc>[^<]+<\/desc>/)
    assert.not.match(svg, /stroke="(#|rgb)|<text[^>]*fill="(#|rgb)/)
  }
})

test('the same result gives the same page', async () => {
  assert.is(await renderHtml(oneKernel()), await renderHtml(oneKernel()))
})

test('failed, skipped, inconclusive and interrupted are told before any table', async () => {
  for (const result of [oneKernel(), twoKernels()]) {
    const page = await renderHtml(result)
    const top = page.slice(0, page.indexOf('<table'))
    for (const { verdict, reason } of [
      ...result.cells,
      ...result.skipped.map((skipped) => ({ verdict: 'skipped', ...skipped })),
    ])
      if (verdict !== 'expected')
        assert.ok(top.includes(reason.slice(0, 30)) && top.includes(`badge ${verdict}`), reason)
    assert.is(top.includes('badge interrupted'), result.interrupted)
  }
})

test('a failed cell has words where others have numbers', async () => {
  const result = oneKernel()
  const page = await renderHtml(result)
  const rows = [...page.matchAll(/<tr class="failed">[\s\S]*?<\/tr>/g)].map(([row]) => row)
  assert.is(rows.length, result.cells.filter((cell) => !isMeasured(cell)).length)
  for (const row of rows) assert.match(row, 'no numbers: ')
})

test('several kernels get a heat map, and several runs a column against the first', async () => {
  const result = twoKernels()
  assert.match(await renderHtml(result), 'class="shaded"')
  assert.not.match(await renderHtml(oneKernel()), 'class="shaded"')
  const merged = merge(
    'compare',
    ['lab/compare.ts'],
    [
      { label: 'first', root: '../first', result: oneKernel() },
      { label: 'second', root: '../second', result },
    ],
  )
  const page = await renderHtml(merged.result, merged.labels)
  assert.match(page, '>vs first</th>')
  assert.match(page, 'href="./../second/')
  elements(page)
})

test('whatever is put in stays text', async () => {
  const seen = elements(await renderHtml(hostile()))
  assert.is(count(seen, 'script'), 0)
})

test('no cell at all is a page too', async () => {
  elements(await renderHtml({ ...oneKernel(), cells: [], skipped: [] }))
})

test.run()
