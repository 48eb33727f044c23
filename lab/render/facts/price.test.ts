import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { MeasuredCell } from '../../model/result.ts'
import { cellOf } from '../fixtures/cell.ts'
import { changed as changedIn, manyKernels, oneKernel } from '../fixtures/results.ts'
import { groupsOf } from './groups/groups.ts'
import { costless, price, priceText } from './price.ts'

const on = { kernel: '6.1', series: '6.1' }
const base = cellOf('none', on)
const cure = cellOf('fd-passing', on)
const changed = (change: Partial<MeasuredCell>): MeasuredCell => ({ ...cure, ...change })

test('only what stands out is a price, each part of it by itself', () => {
  assert.equal(price(base, base), [])
  assert.equal(price(changed({ throughput: base.throughput * 0.8 }), base), [])
  assert.match(price(changed({ throughput: base.throughput * 0.7 }), base).join(), /^30\.0\s% fewer connections/)
  const { latencyMs } = base
  const p99 = price(changed({ latencyMs: { ...latencyMs, p99: 2 * latencyMs.p99 } }), base)
  assert.equal(p99, ['p99 was 168 ms instead of 84.0 ms'])
  assert.match(price(changed({ slow: 100 }), base).join(), /^100 connections \(1\.05\s%\) took longer than 200 ms/)
  assert.equal(price(changed({ slow: 5 }), base), [])
})

test("the reload's length is part of the price: 221 ms against 130", () => {
  assert.equal(price(cellOf('ebpf', on), base), ['a reload took 221 ms instead of 130 ms'])
})

test('no measurable cost is said only where nothing differs, not where it merely does not stand out', () => {
  assert.ok(costless(cure, base))
  for (const change of [
    { reloadMs: { p50: 150, max: 240 } },
    { throughput: base.throughput * 0.85 },
    { latencyMs: { ...base.latencyMs, p50: base.latencyMs.p50 * 1.3 } },
    { latencyMs: { ...base.latencyMs, p999: base.latencyMs.p999 * 1.6 } },
    { slow: 12 },
    { ok: cure.ok - 1, timeouts: 1 },
  ]) {
    assert.equal(price(changed(change), base), [], JSON.stringify(change))
    assert.not(costless(changed(change), base), JSON.stringify(change))
  }
  assert.not(costless(cure, undefined))
})

test('no price, and no lack of one, is made from noisy or overloaded cells, nor against them', () => {
  const noisy = { noisy: true, noise: ['its CPUs were taken by others 23 % of the time'] }
  const late = { load: { ...base.load, loop: 'open' as const, rate: 5000 }, waiting: 9000 }
  const dear = cellOf('syn-block', on)
  assert.ok(price(dear, base).length > 2)
  for (const disturbed of [noisy, late]) {
    assert.equal(price({ ...dear, ...disturbed }, base), [])
    assert.equal(price(dear, { ...base, ...disturbed }), [])
    assert.not(costless({ ...cure, ...disturbed }, base))
    assert.not(costless(cure, { ...base, ...disturbed }))
  }
})

test('no price is told against another kind of CPU, nor of a machine whose waits nobody sees', () => {
  const slow = changed({ slow: 100 })
  const onCpu = (cpu: string, cell: MeasuredCell): MeasuredCell => ({
    ...cell,
    eachBoot: cell.eachBoot.map((boot) => ({ ...boot, machine: { cpu, cpus: 2, kernel: '6' } })),
  })
  assert.is(price(onCpu('X', slow), onCpu('X', base)).length, 1)
  assert.equal(price(onCpu('X', slow), onCpu('Y', base)), [])
  assert.is(costless(onCpu('X', cure), onCpu('Y', base)), false)
  assert.equal(price({ ...slow, guest: 'vagrant' }, { ...base, guest: 'vagrant' }), [])
})

test('a control with an outage of its own is no baseline: no-reload is, and the reload has its time as it is', () => {
  const still = cellOf('no-reload', on)
  const outage = { refused: 640, refusedByReload: base.refusedByReload.map(() => 10) }
  const [group] = groupsOf(changedIn(oneKernel(), 'none', outage))
  assert.is(group!.priceBase?.case, 'no-reload')
  assert.is(groupsOf(oneKernel())[0]!.priceBase?.case, 'none')
  // A refusal before the first reload is no outage of the reloads.
  assert.is(groupsOf(changedIn(oneKernel(), 'none', { refused: 1 }))[0]!.priceBase?.case, 'none')
  const { cells, ...rest } = changedIn(oneKernel(), 'none', outage)
  const alone = groupsOf({ ...rest, cells: cells.filter((cell) => cell.case !== 'no-reload') })
  assert.is(alone[0]!.priceBase, undefined)
  const old = groupsOf(manyKernels()).map(({ series, priceBase }) => [series, priceBase?.case])
  assert.equal(Object.fromEntries(old), {
    ...Object.fromEntries(old.map(([series]) => [series, 'none'])),
    '2.6.32': 'no-reload',
  })

  const { latencyMs } = still
  const slower = changed({ latencyMs: { ...latencyMs, p99: 2 * latencyMs.p99 }, throughput: still.throughput / 2 })
  assert.is(
    priceText(slower, still).replaceAll('\u00a0', ' '),
    'p99 was 168 ms instead of 84.0 ms without reloads, 50.0 % fewer connections a second than without reloads and a reload took 130 ms',
  )
  assert.is(priceText(cure, still), 'no measurable cost; a reload took 130 ms')
  // The control has a price, too; what made no reload has none.
  assert.match(priceText(base, still), 'a reload took 130 ms')
  assert.is(priceText(still, still), '')
})

test('without a control only what was slow is known', () => {
  assert.is(price(cellOf('syn-block', on), undefined).length, 1)
  assert.equal(price(cellOf('ebpf', on), undefined), [])
})

test.run()
