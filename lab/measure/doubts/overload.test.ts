import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Load } from '../../model/case/load.ts'
import { overloaded } from './overload.ts'

const load: Load = {
  name: 'rate-200000',
  loop: 'open',
  users: 200,
  rate: 200_000,
  capacity: null,
  duration: 15,
  interval: 100,
  drains: true,
  warms: true,
  exchange: { kind: 'request' },
  fusedAck: false,
  closeWithRst: false,
  slowMs: 200,
}
const fine = { load, boots: 1, begunPerSecond: 199_000, waiting: 0, undrained: 0, reloads: 40 }

test('a rate that was not reached says so, and what had not begun', () => {
  assert.is(
    overloaded({ ...fine, begunPerSecond: 24_112 }),
    '200,000 arrivals a second were asked for, 24,112 were made',
  )
  assert.is(overloaded({ ...fine, waiting: 40_000 }), '40,000 arrivals that were due had not begun at the end')
})

test('reloads that began before what the last one held up was served', () => {
  assert.is(
    overloaded({ ...fine, undrained: 5 }),
    '5 of 40 reloads began while connections of the last one still waited',
  )
  assert.is(overloaded({ ...fine, undrained: 4 }), null)
})

test('a rate that was reached, a few that wait at the end, and a closed loop are no overload', () => {
  assert.is(overloaded(fine), null)
  assert.is(overloaded({ ...fine, waiting: 200 }), null)
  assert.is(overloaded({ ...fine, load: { ...load, loop: 'closed', rate: null }, begunPerSecond: 0, waiting: 9 }), null)
})

test.run()
