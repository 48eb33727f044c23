import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isMeasured, type MeasuredCell, type Result } from '../../../model/result.ts'
import { capped, loadMap, manyTwoLoads, twoLoads, twoProxies } from '../../fixtures/loads.ts'
import { manyKernels, oneKernel, twoKernels } from '../../fixtures/results.ts'
import { renderMarkdown } from '../../markdown/report.ts'
import { summaryText } from '../../terminal/summary.ts'
import { change, hiddenByCeiling, inFirstRun } from '../change.ts'
import { byVersion, described, type Group, groupsOf } from './groups.ts'
import { merge } from './merge.ts'
import { distinctKernels, placesOf, settingsOf } from './places.ts'

const two = () =>
  merge(
    'compare',
    ['lab/compare.ts'],
    [
      { label: 'first', root: '../first', result: oneKernel() },
      { label: 'second', root: '../second', result: twoKernels() },
    ],
  )

test('a group is one kernel under one load, and every cell is in one', () => {
  const result = twoKernels()
  const all = groupsOf(result)
  assert.is(all.length, new Set(result.cells.map(({ kernel }) => kernel)).size)
  assert.equal(
    all.flatMap(({ cells }) => cells),
    result.cells,
  )
  for (const group of all) assert.is(group.base?.case, 'none')
})

test('the same kernel under two loads is two groups with titles of their own', () => {
  const result = oneKernel()
  const open = result.cells.map((cell) => ({ ...cell, load: { ...cell.load, loop: 'open' as const, rate: 500 } }))
  const titles = groupsOf({ ...result, cells: [...result.cells, ...open] }).map(({ title }) => title)
  assert.is(new Set(titles).size, 2)
})

test('clients that are part of a case make no group of their own; clients of the run do', () => {
  const result = oneKernel()
  const fused = { ...result.cells[1]!, case: 'fused-ack', load: { ...result.cells[1]!.load, fusedAck: true } }
  const facts = { ...result.cases[0]!, name: 'fused-ack', client: { fusedAck: true as const } }
  const groups = (cases: Result['cases']) => groupsOf({ ...result, cases, cells: [...result.cells, fused] })
  const [one, ...others] = groups([...result.cases, facts])
  assert.is(others.length, 0)
  assert.is(one!.cells.at(-1), fused)
  assert.not.match(one!.conditions, 'fused ACK')
  assert.is(groups([...result.cases, { ...facts, client: undefined }]).length, 2)
})

test('merged runs keep their cells apart, and link to their own folders', () => {
  const { result, labels } = two()
  assert.is(result.cells.length, labels.length)
  for (const [i, cell] of result.cells.entries()) assert.ok(cell.folder.startsWith(`../${labels[i]}/`))
  const all = groupsOf(result, labels)
  assert.is(new Set(all.map(({ title }) => title)).size, all.length)
  for (const { cells } of all) assert.is(new Set(cells.map((cell) => cell.case)).size, cells.length)
  assert.is(new Set(result.cases.map(({ name }) => name)).size, result.cases.length)
})

test('a cell is compared with the same case in the first run', () => {
  const { result, labels } = two()
  const all = groupsOf(result, labels)
  for (const group of all.filter(({ run }) => run === 'second'))
    for (const cell of group.cells) {
      const other = inFirstRun(cell, group, all)!
      assert.is(other.case, cell.case)
      assert.ok(all.some(({ run, cells }) => run === 'first' && cells.includes(other)))
    }
  const first = all.find(({ run }) => run === 'first')!
  assert.is(inFirstRun(first.cells[0]!, first, all), undefined)
})

test('a change is a share of the base, and none where a cell gives no answer', () => {
  const [{ base, cells }] = groupsOf(oneKernel()) as [ReturnType<typeof groupsOf>[0]]
  const clean = cells.filter(isMeasured).find(({ reloads, resets }) => reloads > 0 && resets === 0)!
  assert.is(change(clean, base)?.share, -1)
  assert.ok(change(clean, base)!.p < 0.001)
  assert.is(change(base!, clean)?.share, null)
  assert.is(change(base!, base), undefined)
  assert.is(change({ ...clean, verdict: 'inconclusive' }, base), undefined)
  for (const cell of cells) if (!isMeasured(cell) || cell.reloads === 0) assert.is(change(cell, base), undefined)
})

test('p is of the reloads that were exposed, and there is none of a noisy or overloaded cell', () => {
  const [{ base, cells }] = groupsOf(oneKernel()) as [ReturnType<typeof groupsOf>[0]]
  const block = cells.filter(isMeasured).find((cell) => cell.case === 'syn-block')!
  const sparing = (exposed: number) => block.resetsByReload.map((_, i) => i < exposed)
  assert.ok(change({ ...block, exposedByReload: sparing(14) }, base)!.p < 0.01)
  assert.ok(change({ ...block, exposedByReload: sparing(1) }, base)!.p > 0.05)
  const noisy = { noisy: true, noise: ['something'] }
  const overloaded = { load: { ...block.load, rate: 900 } }
  for (const disturbed of [noisy, overloaded]) {
    assert.is(change({ ...block, ...disturbed }, base), undefined)
    assert.is(change(block, { ...base!, ...disturbed }), undefined)
  }
})

test('groups go by version, the oldest first, whatever the order of the cells', () => {
  const labels = groupsOf(manyKernels()).map(({ label }) => label)
  assert.equal(labels, ['2.6.32', '3.9', '4.9', '5.10', '6.1', '6.12', '6.18 host', '7.2'])
  assert.equal(['newest', '10.1', '2.6.32', '3.16', '3.9'].sort(byVersion), ['2.6.32', '3.9', '3.16', '10.1', 'newest'])
})

test('a label is as short as it can be, and no two are alike', () => {
  const { result, labels } = two()
  const all = groupsOf(result, labels)
  assert.equal(
    all.map(({ label }) => label),
    ['5.10', '6.1 (first)', '6.1 (second)'],
  )
  assert.not(distinctKernels(all))
  assert.ok(distinctKernels(groupsOf(manyKernels())))
  const sister = oneKernel()
  const cells = sister.cells.map((cell) => ({ ...cell, kernel: '6.1.0-9999-amd64' }))
  const sisters = groupsOf({ ...sister, cells: [...sister.cells, ...cells] as typeof cells })
  assert.equal(
    sisters.map(({ label }) => label),
    [sister.cells[0]!.kernel, '6.1.0-9999-amd64'],
  )
})

test('the pause between reloads is called one, beside the rate that came of it', () => {
  const [group] = groupsOf(oneKernel()) as [Group]
  assert.match(group.conditions, '2 boots with reloads for 7.5 s and pauses of 100 ms')
  const rates = group.cells.filter(isMeasured).filter(({ reloads }) => reloads > 0)
  const [least, most] = [Math.min, Math.max].map((end) => end(...rates.map((cell) => cell.reloadsPerSecond)).toFixed(2))
  const pace = `${least === most ? most : `${least} to ${most}`} reloads a second`
  assert.match(described(group), pace)
  // The saved run has its cases' own words.
  const result = { ...oneKernel(), cases: [] }
  for (const text of [summaryText(result, groupsOf(result), false), renderMarkdown(result)]) {
    assert.match(text.replaceAll('\n', ' '), pace)
    assert.not.match(text, /ms apart|times a second/)
  }
  const alone = described({ ...group, cells: [rates[0]!] })
  assert.match(alone, new RegExp(`; ${rates[0]!.reloadsPerSecond.toFixed(2)} reloads a second$`))
  const still = group.cells.filter((cell) => cell.case === 'no-reload')
  assert.is(described({ ...group, cells: still }), group.conditions)
})

test('what is skipped belongs to its kernel, unless some run of it has the case', () => {
  const { result, labels } = two()
  const skips = (skipped: typeof result.skipped) =>
    groupsOf({ ...result, skipped }, labels).flatMap((group) => group.skipped.map(() => group.label))
  const kernel = result.cells[0]!.kernel
  assert.equal(skips([{ kernel, case: 'my-case', reason: 'no' }]), ['6.1 (first)', '6.1 (second)'])
  assert.equal(skips([{ kernel, case: 'none', reason: 'no' }]), [])
})

test('a group is named by its kernel, and by what differs: load, proxy, maxaccept, run', () => {
  const labels = (result: Result, runs?: string[]) => groupsOf(result, runs).map(({ label }) => label)
  assert.equal(labels(twoLoads()), ['6.1 saturated', '6.1 half'])
  assert.equal(groupsOf(twoLoads())[1]!.title, '6.1.0-56-cloud-amd64 half')
  // The loads of one kernel next to each other, whatever the order of the cells.
  const many = labels({ ...manyTwoLoads(), cells: manyTwoLoads().cells.toReversed() })
  assert.equal(many.slice(0, 4), ['2.6.32 saturated', '2.6.32 half', '3.9 saturated', '3.9 half'])
  const small = loadMap(['2.6.12'])
  const map = labels({ ...small, cells: small.cells.toReversed() })
  assert.is(map[0], '6.1 users-1 maxaccept 1')
  assert.ok(map.includes('6.18 host users-20 maxaccept 64') && map.includes('6.18 host users-400 maxaccept all'))
  assert.ok(labels(loadMap()).includes('6.18 host users-20 haproxy 1.7.14 maxaccept 64'))
  const twice = merge(
    'compare',
    [],
    [
      { label: 'a', root: '../a', result: twoLoads() },
      { label: 'b', root: '../b', result: twoLoads() },
    ],
  )
  assert.equal(labels(twice.result, twice.labels), [
    '6.1 (a) saturated',
    '6.1 (a) half',
    '6.1 (b) saturated',
    '6.1 (b) half',
  ])
  for (const label of [...many, ...map]) assert.ok(label.length < 50, label)
})

test('places differ in more than loads, settings in more than kernels; prices are those of half', () => {
  const all = groupsOf(manyTwoLoads())
  assert.is(placesOf(all).length, 8)
  assert.equal(
    settingsOf(all).map(({ label, groups }) => [label, groups.length]),
    [
      ['under saturated', 8],
      ['under half', 8],
    ],
  )
  for (const { load, tellsPrice } of all) assert.is(tellsPrice, load.name === 'half')
  assert.ok(distinctKernels(all))
  assert.ok(groupsOf(capped()).every(({ tellsPrice }) => tellsPrice))
  // The rate of half follows from the kernel: kernels under it were run alike.
  const cells = manyTwoLoads().cells.map((cell, i) =>
    cell.load.name === 'half' ? { ...cell, load: { ...cell.load, rate: 600 + (i % 7), capacity: 1200 } } : cell,
  )
  const faster = groupsOf({ ...manyTwoLoads(), cells: cells as Result['cells'] })
  const halves = faster.filter(({ load }) => load.name === 'half')
  assert.is(new Set(halves.filter(({ label }) => !label.includes('host')).map(({ likeness }) => likeness)).size, 1)
})

test('of cells at the ceiling of their load no change is told, unless one of them lost none', () => {
  const [{ base, cells }] = groupsOf(capped()) as [Group]
  const block = cells.find((cell) => cell.case === 'ack-block')!
  assert.is(change(block, base), undefined)
  assert.ok(hiddenByCeiling(block, base))
  const free = { ...block, capped: 0 } as MeasuredCell
  assert.is(change(free, base), undefined)
  assert.ok(change(free, { ...base!, capped: 0.09 }))
  assert.is(change(cells.find((cell) => cell.case === 'fd-passing')!, base)?.share, -1)
})

test('a cell is compared with its like in the first run: the same load and maxaccept', () => {
  const run = (label: string) => ({ label, root: `../${label}`, result: loadMap(['2.6.12']) })
  const { result, labels } = merge('compare', [], [run('a'), run('b')])
  const all = groupsOf(result, labels)
  const group = all.find(({ run, load }) => run === 'b' && load.users === 80)!
  const other = inFirstRun(group.cells[0]!, group, all)!
  assert.equal(
    [other.case, other.load.name, other.proxy.maxaccept, other.kernel],
    [group.cells[0]!.case, 'users-80', group.cells[0]!.proxy.maxaccept, group.kernel],
  )
})

test('proxies are told apart by name, versions of one by version, and each has the cases that it skipped', () => {
  const all = groupsOf(twoProxies())
  assert.equal(
    all.map(({ label }) => label),
    ['4.9', '6.1'].flatMap((series) =>
      ['haproxy 2.6.12', 'haproxy 3.0.11', 'nginx'].map((proxy) => `${series} ${proxy}`),
    ),
  )
  assert.equal(
    settingsOf(all).map(({ label }) => label),
    ['with haproxy 2.6.12', 'with haproxy 3.0.11', 'with nginx'],
  )
  assert.equal(
    all.filter(({ skipped }) => skipped.length > 0).map(({ label }) => label),
    ['6.1 nginx'],
  )
})

test('a cell is never compared with another proxy in the first run', () => {
  const [haproxy, nginx] = ['haproxy', 'nginx'].map((name) => {
    const result = twoProxies()
    return {
      label: name,
      root: name,
      result: { ...result, cells: result.cells.filter(({ proxy }) => proxy.name === name) },
    }
  })
  const { result, labels } = merge('compare', [], [haproxy!, nginx!])
  const all = groupsOf(result, labels)
  for (const group of all) for (const cell of group.cells) assert.is(inFirstRun(cell, group, all), undefined)
})

test.run()
