import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { inFlightBySlot, rowsBetween, type Slots, slotAt } from './slots.ts'

/** Slots of 10 µs from time 1000. */
const slots: Slots = {
  startUs: 1000,
  slotUs: 10,
  rows: [
    [4, 0, 1],
    [0, 1, 2],
    [1, 2, 3],
  ],
}

test('the slot of a time, and the rows of a stretch of time', () => {
  assert.equal(
    [1000, 1009, 1010].map((time) => slotAt(slots, time)),
    [0, 0, 1],
  )
  assert.equal(rowsBetween(slots, 1009, 1010), slots.rows.slice(0, 2))
  assert.equal(rowsBetween(slots, 900, 1005), slots.rows.slice(0, 1), 'a stretch that begins before the load')
  assert.equal(rowsBetween(slots, 2000, 2010), [])
})

test('connections in flight, with losses in their slot and after the last', () => {
  assert.equal(inFlightBySlot(slots, []), [4, 3, 2])
  assert.equal(
    inFlightBySlot(slots, [
      ['A', 1, 1000, 1015],
      ['T', 2, 1000, 1040],
    ]),
    [4, 2, 1, 1, 0],
  )
  assert.equal(inFlightBySlot({ ...slots, rows: [] }, []), [])
})

test.run()
