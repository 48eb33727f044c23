import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isMeasured, type Result } from '../../model/result.ts'
import { groupsOf } from '../facts/groups/groups.ts'
import { capped, loadMap, manyTwoLoads, twoLoads, twoProxies } from '../fixtures/loads.ts'
import { changed, manyKernels, oneKernel, twoKernels } from '../fixtures/results.ts'
import { renderHtml } from '../html/report.ts'
import { renderMarkdown } from '../markdown/report.ts'
import { renderTerminal } from '../terminal/report.ts'
import { headline } from './headline.ts'

const all = (result: Result) => headline(result, groupsOf(result))
/** That of a result with one proxy. */
const headlineOf = (result: Result) => {
  const { title, byProxy } = all(result)
  assert.equal(byProxy, [])
  return title
}

test('a noisy or overloaded cell leaves the headline', () => {
  const noisy = { noisy: true, noise: ['its CPUs were taken by others 23 % of the time'] }
  const result = changed(oneKernel(), 'ack-block', noisy)
  const plain = 'A reload without a mitigation resets 9.88 connections; nothing is lost under'
  const clean = 'fd-passing and syn-delay, nor under syn-block, which makes clients wait'
  assert.is(headlineOf(oneKernel()), `${plain} ${clean}`)
  assert.is(headlineOf(result), `${plain} ${clean}; 1 cell left out`)
  const lossy = changed(result, 'none', noisy)
  assert.match(headlineOf(lossy), 'No answer: the cells that lost connections were noisy')
  const rate = { load: { ...oneKernel().cells[0]!.load, rate: 200_000 }, begunPerSecond: 24_112 }
  const all = { ...oneKernel(), cells: oneKernel().cells.map((cell) => ({ ...cell, ...rate })) as Result['cells'] }
  assert.is(headlineOf(all), 'No answer: the cells that lost connections were noisy or overloaded')
})

test('a control without an answer leaves no cost that others could stand for', () => {
  const noisy = { noisy: true, noise: ['its CPUs were taken by others 23 % of the time'] }
  const lossy = { resets: 40, ok: 9960, resetsPerReload: { mean: 4, low: 3, high: 5 } }
  const noisyUnder = (load?: string) => {
    const result = twoLoads()
    const cells = result.cells.map((cell) =>
      cell.case === 'none' && (load === undefined || cell.load.name === load)
        ? { ...cell, ...noisy }
        : cell.case === 'ack-block' && isMeasured(cell)
          ? { ...cell, ...lossy }
          : cell,
    )
    return headlineOf({ ...result, cells: cells as Result['cells'] })
  }
  assert.match(
    noisyUnder('half'),
    /^A reload without a mitigation resets 9\.88 connections under the article's load; under half of the capacity its cell gives no answer; /,
  )
  assert.is(noisyUnder(), 'No answer: the cells without a mitigation were noisy or overloaded')
})

test('what failed or is inconclusive is never said to have lost none', () => {
  const result = twoKernels()
  for (const verdict of ['failed', 'inconclusive'] as const) {
    const cells = result.cells.map((cell) => ({ ...cell, verdict })) as typeof result.cells
    assert.match(headlineOf({ ...result, cells }), /^No answer: none: ./)
  }
})

test('no answer has the reason of the first cell without one, in short', () => {
  const because = (reason: string) => {
    const cells = oneKernel().cells.map((cell) => ({ ...cell, verdict: 'inconclusive', reason })) as Result['cells']
    return headlineOf({ ...oneKernel(), cells })
  }
  assert.is(because('0 resets in 64 reloads; nothing was lost'), 'No answer: none: nothing was lost')
  assert.is(
    because(`boot 2: the counts disagree: ${'x'.repeat(80)}; no reload was made`),
    'No answer: none: the counts disagree',
  )
  const failed = oneKernel().cells.filter(({ verdict }) => verdict === 'failed')
  assert.match(headlineOf({ ...oneKernel(), cells: failed }), /^No answer: ebpf: /)
  assert.is(headlineOf({ ...oneKernel(), cells: [] }), 'No answer')
})

test('a case of which a cell was disturbed is not among those under which nothing is lost', () => {
  const cells = twoLoads().cells.map((cell) =>
    cell.case === 'ebpf' && cell.load.name === 'half' ? { ...cell, noisy: true, noise: ['slow'] } : cell,
  ) as Result['cells']
  const said = headlineOf({ ...twoLoads(), cells })
  assert.match(
    said,
    /nothing is lost under fd-passing, nor .*; none was seen lost under ebpf, disturbed in part; 1 cell left out/,
  )
  const all = cells.map((cell) =>
    cell.load.name === 'half' && cell.case !== 'none' ? { ...cell, noisy: true, noise: ['slow'] } : cell,
  ) as Result['cells']
  assert.match(
    headlineOf({ ...twoLoads(), cells: all }),
    /no loss was seen under .*fd-passing.*, but some of their cells are .*disturbed/,
  )
})

test('what was lost in a noisy cell is not counted as cured', () => {
  const noisy = { noisy: true, resets: 0, ok: 9999, timeouts: 1 }
  const result = changed(twoKernels(), 'fd-passing', noisy, '5.10')
  assert.match(
    headlineOf(twoKernels()),
    'nothing is lost under ebpf and fd-passing, nor under syn-block, which makes clients wait',
  )
  assert.match(
    headlineOf(result),
    'nothing is lost under ebpf, nor under syn-block, which makes clients wait; none was seen lost under syn-delay, inconclusive in part; 1 cell left out',
  )
})

test('a zero that is open somewhere is none in the headline', () => {
  const open = changed(twoKernels(), 'ebpf', { verdict: 'inconclusive', reason: 'the counts disagree' }, '5.10')
  assert.match(
    headlineOf(open),
    'nothing is lost under fd-passing, nor under syn-block, which makes clients wait; none was seen lost under ebpf and syn-delay, inconclusive in part',
  )
  const unsure = { verdict: 'inconclusive' as const, reason: 'no sure difference' }
  const all = ['ebpf', 'fd-passing', 'syn-block'].reduce(
    (result, name) => changed(result, name, unsure, '5.10'),
    twoKernels(),
  )
  assert.match(
    headlineOf(all),
    '; no loss was seen under ebpf, fd-passing, syn-block and syn-delay, but some of their cells are inconclusive',
  )
})

test('under two loads the headline has both, and a zero holds under both', () => {
  const both =
    "A reload without a mitigation resets 9.88 connections under the article's load and 3.13 under half of the capacity; "
  // syn-delay loses a few under half alone.
  assert.is(
    headlineOf(twoLoads()),
    `${both}nothing is lost under ebpf and fd-passing, nor under syn-block, which makes clients wait`,
  )
  assert.match(
    headlineOf(manyTwoLoads()),
    'From Linux 2.6.32 to 7.2: a reload without a mitigation resets up to 9.88 conn',
  )
  const still = twoLoads()
  const cells = still.cells.map((cell) =>
    cell.case === 'none' && cell.load.name === 'half' && isMeasured(cell)
      ? { ...cell, resets: 0, ok: cell.connections, resetsPerReload: { mean: 0, low: 0, high: null } }
      : cell,
  )
  assert.match(
    headlineOf({ ...still, cells }),
    "resets 9.88 connections under the article's load and none under half of",
  )
  assert.match(
    headlineOf(loadMap(['2.6.12'])),
    /resets 0 to \d+ connections, by load and proxy; ack-block does not prevent it$/,
  )
  const map = loadMap(['2.6.12'])
  const one = map.cells.find((cell) => cell.case === 'none')!
  const others = map.cells.map((cell) =>
    cell.case === 'none' && cell.load.name === one.load.name && cell.proxy.maxaccept === one.proxy.maxaccept
      ? { ...cell, noisy: true, noise: ['its CPUs were taken'] }
      : cell,
  )
  assert.match(headlineOf({ ...map, cells: others }), /, by load and proxy; 1 of its \d+ settings gives no answer; /)
  assert.match(headlineOf(manyKernels()), /resets up to [\d.]+ and refuses up to \d+ connections;/)
})

test('several proxies are told one by one, each with what a reload of it costs and what prevents that', () => {
  assert.equal(all(twoProxies()), {
    title: 'What a reload loses with haproxy and nginx',
    byProxy: [
      '`haproxy`, from Linux 4.9 to 6.1: a reload without a mitigation resets up to 9.88 connections with haproxy 2.6.12 and up to 2.50 with haproxy 3.0.11; nothing is lost under ebpf, fd-passing and syn-delay, nor under syn-block, which makes clients wait',
      '`nginx`, from Linux 4.9 to 6.1: stop and start (none) resets up to 25.8 connections; nothing is lost under syn-block, which makes clients wait',
    ],
  })
})

test('every renderer has a line for each proxy under the title', async () => {
  const says = /What a reload loses with haproxy and nginx/
  const [markdown, page, terminal] = [
    renderMarkdown(twoProxies()),
    await renderHtml(twoProxies()),
    renderTerminal(twoProxies(), false, undefined, 80),
  ]
  assert.match(
    markdown,
    /^# What a reload loses with haproxy and nginx\n\n- `haproxy`, from .*\n- `nginx`, from .*\n\n/,
  )
  assert.match(page, /<h1>What a reload loses[^<]*<\/h1>\n<ul class="findings"><li><code>haproxy<\/code>, from /)
  const last = terminal.slice(terminal.search(says)).split('\n')
  assert.equal(
    last.filter((line) => line.startsWith('- ')).map((line) => line.split(',')[0]),
    ['- haproxy', '- nginx'],
  )
  for (const line of last) assert.ok(line.length <= 80, line)
})

test('where none is more than a reload it has its own name, and refusals that are a lower bound say so', () => {
  const both = twoProxies()
  const cells = both.cells.filter(({ proxy, series }) => proxy.name === 'nginx' && series === '6.1')
  const nginx = { ...both, cells, cases: both.cases.filter(({ proxy }) => proxy !== 'haproxy') }
  assert.is(
    headlineOf(nginx),
    'Stop and start (none) resets 25.8 connections; nothing is lost under syn-block, which makes clients wait',
  )
  const none = cells.find((cell) => cell.case === 'none')
  assert.ok(none && isMeasured(none))
  const refusedByReload = none.refusedByReload.map(() => 30)
  const refused = { refused: 1920, refusedByReload }
  assert.match(headlineOf(changed(nginx, 'none', refused)), 'resets 25.8 and refuses 30.0 connections;')
  const vague = { ...refused, wire: { ...none.wire, fromClient: 9 } }
  assert.match(headlineOf(changed(nginx, 'none', vague)), 'resets 25.8 and refuses at least 30.0 connections;')
})

test('what loses nothing is told of each proxy, and a loss with one is none with another', () => {
  const lossy = twoProxies().cells.map((cell) =>
    cell.case === 'syn-block' && cell.proxy.name === 'nginx' && isMeasured(cell)
      ? { ...cell, ok: cell.ok - 1, timeouts: 1 }
      : cell,
  )
  const [haproxy, nginx] = all({ ...twoProxies(), cells: lossy }).byProxy
  assert.match(
    haproxy!,
    /; nothing is lost under ebpf, fd-passing and syn-delay, nor under syn-block, which makes clients wait$/,
  )
  assert.match(nginx!, /; syn-block does not prevent it$/)
})

test('what has no answer with one proxy is no answer of the other', () => {
  const noisy = { noisy: true, noise: ['its CPUs were taken by others 23 % of the time'] }
  const cells = twoProxies().cells.map((cell) => (cell.proxy.name === 'nginx' ? { ...cell, ...noisy } : cell))
  const [haproxy, nginx] = all({ ...twoProxies(), cells } as Result).byProxy
  assert.not.match(haproxy!, 'left out')
  assert.is(nginx, '`nginx`: no answer: the cells that lost connections were noisy or overloaded')
})

test('of many settings the headline tells the range over all cells', () => {
  const both = twoLoads()
  const cells = both.cells.flatMap((cell) => [cell, { ...cell, proxy: { ...cell.proxy, maxaccept: 64 } }])
  // The fewest under half.
  assert.match(headlineOf({ ...both, cells }), 'resets 3.13 to 9.88 connections, by load and proxy')
  const refused = changed({ ...both, cells }, 'none', { refused: 640 })
  assert.match(headlineOf(refused), 'resets 3.13 to 9.88 and refuses up to 10.0 connections, by load and proxy')
  // Not the range of each setting's most.
  const few = cells.map((cell, i) =>
    cell.case === 'none' && isMeasured(cell) && i % 2
      ? { ...cell, kernel: '5.10.0', series: '5.10', resetsPerReload: { mean: 1.5, low: 1, high: 2 } }
      : cell,
  )
  assert.match(
    headlineOf({ ...both, cells: [...cells, ...few.filter(({ series }) => series === '5.10')] }),
    'resets 1.50 to 9.88 conn',
  )
})

test('what replaces nobody is no cure', () => {
  const one = oneKernel()
  const cases = one.cases.map((facts) => (facts.name === 'fd-passing' ? { ...facts, replaces: false as const } : facts))
  assert.match(
    headlineOf({ ...one, cases }),
    /; nothing is lost under syn-delay, nor under syn-block, which makes clients wait$/,
  )
})

test('a number at the ceiling of its load says so', () => {
  assert.match(headlineOf(capped()), 'resets 14.0 connections (at the ceiling of the load);')
})

test.run()
