import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { EventOf } from '../../../model/events.ts'
import { joinSlots, type LostRows, type Slots } from '../slots.ts'
import { exposedReloads, heldAtReloads, inFlightAtReloads } from './exposure.ts'

const reload = (start: number, reloaded: number, closed: number) =>
  ({ start, before: 0, reloaded, after: reloaded, closed }) as EventOf<'reload'>

/** Slots of 10 µs from time 1000, with these numbers of held connections. */
const slots = (...held: number[]): Slots => ({
  startUs: 1000,
  slotUs: 10,
  rows: held.map((held) => [0, 0, held]),
})

test('a reload is exposed when the server held a connection while it lasted', () => {
  const reloads = [reload(1000, 5, 15), reload(1020, 5, 15), reload(1045, 2, 4)]
  assert.equal(exposedReloads(reloads, slots(0, 0, 0, 1, 0, 0), [0, 0, 0]), [false, true, false])
})

test('a reload that lost a connection was exposed, whatever the slots say', () => {
  assert.equal(exposedReloads([reload(1000, 5, 15)], slots(0, 0), [1]), [true])
})

test('held counts at the moment when the new process has started', () => {
  const reloads = [reload(1000, 15, 25), reload(1020, 5, 15)]
  assert.equal(heldAtReloads(reloads, slots(1, 4, 2, 9)), [4, 2])
})

test('in flight is what has begun and not ended, well or otherwise', () => {
  const rows: Slots['rows'] = [
    [5, 0, 1],
    [3, 4, 2],
    [0, 1, 0],
  ]
  const told: Slots = { startUs: 1000, slotUs: 10, rows }
  const lost: LostRows = [
    ['A', 1, 1000, 1012],
    ['T', 2, 1000, 1025],
  ]
  const reloads = [reload(1000, 5, 6), reload(1010, 5, 6), reload(1020, 5, 6), reload(5000, 5, 6)]
  assert.equal(inFlightAtReloads(reloads, told, lost), [5, 3, 1, 1])
})

test('a moment outside the load holds nothing', () => {
  assert.equal(heldAtReloads([reload(5000, 0, 5)], slots(3)), [0])
})

test('slots reported in several events are joined', () => {
  const told = (first: number, held: number) => ({ e: 'slots', first, startUs: 7, slotUs: 10, rows: [[0, 0, held]] })
  const joined = joinSlots([told(0, 1), told(1, 2)] as EventOf<'slots'>[])
  assert.equal(joined, {
    startUs: 7,
    slotUs: 10,
    rows: [
      [0, 0, 1],
      [0, 0, 2],
    ],
  })
  assert.is(joinSlots([]), null)
})

test.run()
