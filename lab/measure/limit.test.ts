import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readEvent } from '../guest/events.ts'
import { BUSY, limitedBy, sharesOf } from './limit.ts'

type Ticks = [busy: number, idle: number, stolen: number]
const told = (...both: { proxy: Ticks; generator: Ticks }[]) =>
  sharesOf(both.map((ticks, i) => readEvent(JSON.stringify({ n: i + 1, e: 'cpus', t: i, ...ticks }), i + 1)))

test('busy shares are of what went by between the two readings, stolen time apart', () => {
  const before = { proxy: [1000, 200, 7], generator: [50, 800, 0] } satisfies Record<string, Ticks>
  const after = { proxy: [1300, 300, 507], generator: [100, 950, 0] } satisfies Record<string, Ticks>
  assert.equal(told(before, after), { proxy: 0.75, generator: 0.25 })
})

test('nothing told, nothing known', () => {
  const ticks: { proxy: Ticks; generator: Ticks } = { proxy: [1, 2, 3], generator: [1, 2, 3] }
  assert.equal(sharesOf([]), { proxy: null, generator: null })
  assert.equal(told(ticks), { proxy: null, generator: null })
  assert.equal(told(ticks, ticks), { proxy: null, generator: null })
})

test('an open loop that reached its rate is limited by nothing else', () => {
  const of = { loop: 'open', reached: true } as const
  assert.is(limitedBy(of, { proxy: 1, generator: 1 }), 'rate')
  assert.is(limitedBy(of, { proxy: null, generator: null }), 'rate')
})

test('else by the busier CPU, where it is busy', () => {
  for (const of of [
    { loop: 'closed', reached: true },
    { loop: 'open', reached: false },
  ] as const) {
    assert.is(limitedBy(of, { proxy: 0.99, generator: 0.95 }), 'proxy')
    assert.is(limitedBy(of, { proxy: 0.5, generator: BUSY }), 'generator')
    assert.is(limitedBy(of, { proxy: 0.95, generator: 0.95 }), 'proxy', 'both on one CPU')
    assert.is(limitedBy(of, { proxy: 0.4, generator: 0.3 }), 'users')
    assert.is(limitedBy(of, { proxy: null, generator: null }), null)
  }
})

test.run()
