import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isMeasured, type Result } from '../../model/result.ts'
import { whole } from '../../model/text/amounts.ts'
import { merge } from '../facts/groups/merge.ts'
import { capped, loadMap, manyTwoLoads, twoLoads, twoProxies } from '../fixtures/loads.ts'
import { changed, hostile, manyKernels, oneKernel, twoKernels } from '../fixtures/results.ts'
import { renderHtml } from './report.ts'
import { STYLE } from './style.ts'

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

/** The drawings a result needs: one a cell that reset any, and for each group a comparison and the latencies. */
const drawings = ({ cells }: Result, groups: number) =>
  cells.filter((cell) => isMeasured(cell) && cell.resets > 0).length + 2 * groups

test('a page that is whole, draws everything and needs nothing from elsewhere', async () => {
  const result = oneKernel()
  const page = await renderHtml(result)
  const seen = elements(page)
  assert.is(count(seen, 'svg'), drawings(result, 1))
  assert.is(count(seen, 'script') + count(seen, 'link') + count(seen, 'img'), 0)
  assert.not.match(page, /https?:|url\(|@import/)
  // A cell each, a case each, and the command of a guest.
  assert.is(count(seen, 'details'), 2 * result.cells.length + 1)
  for (const cell of result.cells) if (isMeasured(cell)) assert.ok(page.includes(`>${whole(cell.connections)}<`))
})

test('the title is what is lost, and what prevents it stands below', async () => {
  const page = await renderHtml(oneKernel())
  assert.match(page, '<h1>A reload without a mitigation resets 9.88 connections</h1>')
  assert.match(page, /<p class="lead">Nothing is lost under fd-passing and syn-delay, nor under syn-block, .*\.<\/p>/)
})

test('every drawing has a title, a description and the numbers of its parts, and no colour of its own', async () => {
  const pages = [await renderHtml(oneKernel()), await renderHtml(manyKernels()), await renderHtml(loadMap())]
  for (const [svg] of pages.join('').matchAll(/<svg[\s\S]*?<\/svg>/g)) {
    assert.match(svg, /<g class="spots"><path d="M[\d.]+ [\d.]+h[\d.]+v[\d.]+h-[\d.]+z"><title>[^<]*\d[^<]*<\/title>/)
    assert.match(svg, /role="img"><title>[^<]+<\/title><desc>[^<]+<\/desc>/)
    assert.not.match(svg, /stroke="(#|rgb)|<text[^>]*fill="(#|rgb)/)
  }
})

test('what something disturbed is counted beside the verdicts, before the first table, with what to do', async () => {
  const { top: quiet } = parts(await renderHtml(oneKernel()))
  assert.not.match(quiet, /badge noisy"|idle machine/)
  const noisy = { noisy: true, noise: ['slow'] }
  const { top } = parts(await renderHtml(changed(oneKernel(), 'fd-passing', noisy)))
  assert.match(top, /class="badge noisy"[^\n]*1 noisy</)
  assert.match(top, /1 of \d+ cells was disturbed .* Run it again on an idle machine\./)
  const all = { ...oneKernel(), cells: oneKernel().cells.map((cell) => ({ ...cell, ...noisy })) }
  assert.match(parts(await renderHtml(all)).top, 'Every cell was disturbed')
})

test('the same result gives the same page', async () => {
  assert.is(await renderHtml(oneKernel()), await renderHtml(oneKernel()))
})

/** A page up to its first table or picture, and from there to the second section that has any. */
function parts(page: string): { top: string; next: string } {
  const [head = '', first = '', ...rest] = page.split('<section')
  const after = rest.findIndex((section) => /<table|<svg/.test(section))
  return { top: head + first.slice(0, first.search(/<table|<svg/)), next: rest.slice(0, after).join('') }
}

test('failed, skipped, inconclusive and interrupted are told before any table, and why right behind the first', async () => {
  for (const result of [oneKernel(), twoKernels()]) {
    const { top, next } = parts(await renderHtml(result))
    for (const { verdict, reason } of [
      ...result.cells,
      ...result.skipped.map((skipped) => ({ verdict: 'skipped', ...skipped })),
    ])
      if (verdict !== 'expected')
        assert.ok(
          next.includes(reason.slice(0, 30)) && top.includes(`<a href="#remarks"><span class="badge ${verdict}"`),
        )
    assert.is(top.includes('badge interrupted'), result.interrupted)
  }
})

test('the first table or picture comes before the sentences and the reasons', async () => {
  for (const result of [oneKernel(), twoKernels(), twoLoads(), twoProxies()]) {
    const page = await renderHtml(result)
    const places = ['What it comes to', 'Not as expected, or not run'].map((title) => page.indexOf(`<h2>${title}</h2>`))
    const told = places.filter((place) => place >= 0)
    assert.ok(told.length > 0)
    for (const place of told) assert.ok(place > page.search(/<table|<svg/))
  }
})

test('a failed cell has words where others have numbers', async () => {
  const result = oneKernel()
  const page = await renderHtml(result)
  const rows = [...page.matchAll(/<tr class="failed">[\s\S]*?<\/tr>/g)].map(([row]) => row)
  assert.is(rows.length, result.cells.filter((cell) => !isMeasured(cell)).length)
  for (const row of rows) assert.match(row, 'no numbers')
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
  assert.match(page, 'Over the kernels')
  const same = [merged.result.cells, merged.labels].map((items) =>
    items.filter((_, i) => merged.result.cells[i]!.series === '6.1'),
  )
  const again = await renderHtml({ ...merged.result, cells: same[0] as Result['cells'] }, same[1] as string[])
  assert.match(again, '6.1 (second)')
  assert.not.match(again, 'Over the kernels')
  elements(page)
})

test('of many kernels the overview leads, and each kernel is closed', async () => {
  const result = manyKernels()
  const page = await renderHtml(result)
  const seen = elements(page)
  const kernels = result.kernels.length
  // Over the kernels: `none` and `ack-block`, by their resets and by what was refused.
  assert.is(count(seen, 'svg'), drawings(result, kernels) + 4)
  assert.is(count(seen, 'details'), result.cells.length + result.cases.length + 2 * kernels)
  const [overview, ...each] = page.split('<details class="kernel">')
  assert.is(each.length, kernels)
  for (const title of ['Kernels and cases', 'Over the kernels', 'When they were reset', 'Kernels'])
    assert.match(overview!, `<h2>${title}</h2>`)
  assert.not.match(overview!, 'Three counts')
  for (const text of each) assert.match(text, '<h3>Three counts</h3>')
})

test('a field says what was refused, is noisy, was skipped or unavailable, not only what was reset', async () => {
  const result = manyKernels()
  const page = await renderHtml(result)
  const [map] = /<table class="wide heat">[\s\S]*?<\/table>/.exec(page)!
  const row = (label: string) => map.split('<tr>').find((text) => text.includes(`>${label}</th>`))!
  assert.match(row('2.6.32'), /\+ \d+ refused/)
  assert.not.match(row('6.1'), 'refused')
  assert.match(row('4.9'), 'badge noisy')
  assert.match(row('3.9'), /title="this kernel has no reuseport-bpf[^"]*"/)
  assert.match(row('3.2'), 'unavailable: archive.debian.org')
})

test('each kernel has its facts: hashes in full, its configuration, what it can do and what the attempt said', async () => {
  const result = manyKernels()
  const page = await renderHtml(result)
  for (const { imageSha256, packageSha256, config, features } of result.kernels) {
    for (const hash of [imageSha256, packageSha256, config?.sha256]) assert.ok(!hash || page.includes(hash))
    if (config) assert.ok(page.includes(`href="./${config.file.replace('+', '%2B')}"`), config.file)
    for (const { said } of Object.values(features)) assert.ok(page.includes(`title="${said}"`), said)
  }
})

test('a wide table wraps the names of its rows, and shows by a shadow that it goes on to the right', async () => {
  const style = (selector: string) => STYLE.split('\n').find((line) => line.startsWith(`${selector} {`)) ?? ''
  assert.match(style('table.wide tbody th'), 'white-space: normal')
  assert.match(style('td.words'), 'white-space: normal')
  // One layer scrolls with the table and hides the other at its end.
  assert.match(style('.scroll'), /no-repeat local, .* no-repeat scroll/)
  // What only screen readers see stays inside, or the whole page would be as wide as the table.
  assert.match(style('.scroll'), 'position: relative')
  const page = await renderHtml(twoLoads())
  assert.match(page, /<div class="panel scroll"><table class="wide">/)
  assert.match(page, /<td class="words">a reload took 221 ms instead of 130 ms<\/td><\/tr>/)
})

test('many skipped cases are folded away, behind the first table', async () => {
  const result = oneKernel()
  const skipped = Array.from({ length: 19 }, (_, i) => ({ kernel: '9', case: `case-${i}`, reason: `reason ${i}.` }))
  const page = await renderHtml({ ...result, skipped })
  elements(page)
  const { top, next } = parts(page)
  assert.match(top, '19 skipped')
  for (const { reason } of skipped) assert.match(next.slice(next.indexOf('<details>')), reason)
})

test('bars are stacked by what their RSTs tell, and causes have a table and a word on how each is known', async () => {
  const page = await renderHtml(oneKernel())
  for (const words of ['RST of a socket’s own accord', 'RST in reply to a segment', '<h2>What reset them</h2>'])
    assert.match(page, words)
  assert.match(page, 'fill="var(--reply)"')
  for (const cause of ['accept queue', 'SYN_RECV', 'completing', 'closed by the proxy', 'unexplained'])
    assert.match(page.slice(page.indexOf('How to read it')).toLowerCase(), `<code>${cause.toLowerCase()}</code>`)
})

test('what came in no known part of a reload needs no table', async () => {
  const nowhere = { before: 0, reload: 0, after: 0, closing: 0, settling: 0, pause: 0 }
  const result = twoKernels()
  const cells = result.cells.map((cell) => ({ ...cell, resetsByPart: nowhere }))
  assert.not.match(await renderHtml({ ...result, cells }), 'When they were reset')
})

test('two loads of a kernel stand side by side, the price of half beside them', async () => {
  const page = await renderHtml(twoLoads())
  elements(page)
  const [table] = /<table class="wide heat">[\s\S]*?<\/table>/.exec(page)!
  assert.match(table, '<code>saturated</code><small>closed loop, 80 connections</small>')
  assert.match(table, '<code>half</code><small>open loop, 640 of 1,280 connections a second</small>')
  const row = table.split('<tr>').find((text) => text.includes('>ack-block</th>'))!
  assert.match(row, /10\.5[\s\S]*mark[\s\S]*0\.88[\s\S]*mark/)
  assert.match(table, 'a reload took 221 ms instead of 130 ms')
  assert.match(parts(page).next, 'The loads disagree about')
  // The latencies are part of the price.
  assert.is(page.split('<title>Latency by case').length - 1, 1)
  assert.is(page.split('<h3>Latency</h3>').length - 1, 1)
})

test('what is at the ceiling of its load is said before anything else', async () => {
  const page = await renderHtml(capped())
  const [head] = page.split('<ul class="findings">') as [string]
  assert.match(head, 'class="capped"')
  assert.match(head, '--maxaccept 64')
  assert.match(page, 'at the ceiling of 16')
  assert.not.match(await renderHtml(twoLoads()), 'class="capped"')
})

test('the load map leads a big result, which has rows for all cells and stays small', async () => {
  const result = loadMap()
  const page = await renderHtml(result)
  elements(page)
  assert.is(page.split('<svg').length - 1, 8)
  assert.ok(page.indexOf('where the load’s') < page.indexOf('<table'))
  assert.ok(page.length < 800_000, `${page.length}`)
  const rows = page.split('<tr class="expected">').length - 1
  assert.is(rows, result.cells.length)
  assert.ok((await renderHtml(manyTwoLoads())).length < 1_100_000)
})

test('each proxy has its kernels and cases, and proxies stand side by side', async () => {
  const page = await renderHtml(twoProxies())
  elements(page)
  const titles = [...page.matchAll(/<h3>([^<]*)<\/h3>/g)].map(([, title]) => title)
  for (const title of ['haproxy 2.6.12', 'haproxy 3.0.11', 'nginx 1.22.1', '4.9, saturated', '6.1, saturated'])
    assert.ok(titles.includes(title), title)
})

test('whatever is put in stays text', async () => {
  const seen = elements(await renderHtml(hostile()))
  assert.is(count(seen, 'script'), 0)
})

test('no cell at all is a page too', async () => {
  elements(await renderHtml({ ...oneKernel(), cells: [], skipped: [] }))
})

test.run()
