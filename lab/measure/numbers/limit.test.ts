import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Load } from '../../model/case/load.ts'
import { readEvent } from '../../model/events.ts'
import { BUSY, cappedShare, HELD, heldShareOf, limitedBy, sharesOf } from './limit.ts'

type Ticks = [busy: number, idle: number, stolen: number]
/** Readings four seconds apart. */
const told = (...both: { proxy: Ticks; generator: Ticks }[]) =>
  sharesOf(both.map((ticks, i) => readEvent(JSON.stringify({ n: i + 1, e: 'cpus', t: i * 4e6, ...ticks }), i + 1)))

test('busy shares are of the time between the two readings, without stolen time', () => {
  const before = { proxy: [1000, 200, 7], generator: [50, 800, 0] } satisfies Record<string, Ticks>
  const after = { proxy: [1150, 250, 207], generator: [100, 1100, 0] } satisfies Record<string, Ticks>
  assert.equal(told(before, after), { proxy: 0.75, generator: 0.25 })
})

test('busy time between ticks is busy, and more idle ticks than time are no negative share', () => {
  const before = { proxy: [0, 0, 0], generator: [0, 0, 0] } satisfies Record<string, Ticks>
  const after = { proxy: [100, 40, 0], generator: [0, 401, 0] } satisfies Record<string, Ticks>
  assert.equal(told(before, after), { proxy: 0.9, generator: 0 })
})

test('without readings nothing is known', () => {
  const ticks: { proxy: Ticks; generator: Ticks } = { proxy: [1, 2, 3], generator: [1, 2, 3] }
  assert.equal(sharesOf([]), { proxy: null, generator: null })
  assert.equal(told(ticks), { proxy: null, generator: null })
  const { proxy, generator } = sharesOf(
    [0, 1].map((n) => readEvent(JSON.stringify({ n, e: 'cpus', t: 5, ...ticks }), n)),
  )
  assert.equal([proxy, generator], [null, null], 'no time between them')
})

test('an open loop that reached its rate is limited by that', () => {
  const load = { loop: 'open', reached: true, held: 0 } as const
  assert.is(limitedBy(load, { proxy: 1, generator: 1 }), 'rate')
  assert.is(limitedBy(load, { proxy: null, generator: null }), 'rate')
})

test('other loads are limited by the busier CPU, if it is busy', () => {
  for (const load of [
    { loop: 'closed', reached: true, held: null },
    { loop: 'open', reached: false, held: 1 },
  ] as const) {
    assert.is(limitedBy(load, { proxy: 0.99, generator: 0.95 }), 'proxy')
    assert.is(limitedBy(load, { proxy: 0.5, generator: BUSY }), 'generator')
    assert.is(limitedBy(load, { proxy: 0.95, generator: 0.95 }), 'proxy', 'both on one CPU')
    assert.is(limitedBy(load, { proxy: 0.4, generator: 0.3 }), 'users')
    assert.is(limitedBy(load, { proxy: null, generator: null }), null)
  }
})

test('a load is limited by its users if they wait for an answer to their SYN, whatever keeps the CPUs busy', () => {
  const busy = { proxy: 0.99, generator: 0.95 }
  assert.is(limitedBy({ loop: 'closed', reached: true, held: HELD / 2 }, busy), 'users')
  assert.is(limitedBy({ loop: 'open', reached: false, held: HELD / 2 }, busy), 'users')
  assert.is(limitedBy({ loop: 'closed', reached: true, held: HELD }, busy), 'proxy')
})

/** What a load tells of four slots of 5 ms; reloads are made in the last two. */
function toldSlots(rows: [begun: number, ok: number, held: number][], lost: [string, number, number, number][] = []) {
  const phase = { us: 10_000, begun: 0, answered: 0, slow: 0, maxUs: 0 }
  const events = [
    { e: 'slots', startUs: 1000, slotUs: 5000, first: 0, rows },
    { e: 'phases', quiet: phase, reloads: phase, reloadsFromUs: 11_000 },
    { e: 'lost', rows: lost },
  ]
  return heldShareOf(events.map((event, i) => readEvent(JSON.stringify({ n: i + 1, ...event }), i + 1)))
}

test('the share of connections in flight that the server held, while reloads were made', () => {
  const quiet: [number, number, number][] = [
    [20, 0, 20],
    [0, 0, 20],
  ]
  assert.is(toldSlots([...quiet, [100, 100, 20], [100, 100, 15]]), 0.875)
  assert.is(toldSlots([...quiet, [0, 0, 1], [0, 0, 1]]), 0.05)
  const four = Array.from({ length: 4 }, (_, i): [string, number, number, number] => ['T', i + 1, 1500, 11_500 + i])
  assert.is(toldSlots([...quiet, [0, 0, 18], [0, 0, 9]], four), 0.75, '20 are in flight, then 16')
  assert.is(toldSlots([...quiet, [0, 20, 20], [0, 0, 0]]), 1)
  assert.is(
    toldSlots([
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]),
    null,
  )
  assert.is(heldShareOf([]), null)
})

const load = (users: number, loop: Load['loop'] = 'closed', exchange: Load['exchange'] = { kind: 'request' }) =>
  ({ loop, users, exchange }) as Load

test('reloads whose resets are within one of users − maxaccept are capped', () => {
  assert.is(cappedShare([76, 75, 77, 74, 0], load(80), 4), 0.6)
  assert.is(cappedShare([3, 4], load(80), 4), 0)
  assert.is(cappedShare([0, 1], load(5), 4), 0.5, 'who lost nothing was not at the ceiling')
})

test('no ceiling: an open loop, a proxy that accepts all or as many as there are, no reload', () => {
  assert.is(cappedShare([76], load(80, 'open'), 4), null)
  assert.is(cappedShare([76], load(80), -1), null)
  assert.is(cappedShare([0], load(20), 64), null)
  assert.is(cappedShare([], load(80), 4), null)
  const kept = { kind: 'keep-alive' as const, pauseMs: 20, requests: 10 }
  assert.is(cappedShare([76], load(80, 'closed', kept), 4), null, 'kept connections wait in no accept queue')
  assert.is(cappedShare([16, 30, 4, 12], load(80), 64), null, 'a quarter of the reloads lost more')
})

test.run()
