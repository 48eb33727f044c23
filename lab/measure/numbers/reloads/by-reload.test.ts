import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { EventOf } from '../../../model/events.ts'
import { attribute, byPart, repliesInReloads } from './by-reload.ts'

test('each event belongs to the last reload that had begun', () => {
  assert.equal(attribute([5, 10, 11, 19, 20, 99], [10, 20, 30]), { before: 1, byReload: [3, 1, 1] })
})

test('order does not matter', () => {
  assert.equal(attribute([99, 11, 20, 5, 19, 10], [10, 20, 30]), { before: 1, byReload: [3, 1, 1] })
})

test('without reloads everything is before the first', () => {
  assert.equal(attribute([1, 2], []), { before: 2, byReload: [] })
})

test('each event belongs to the part of the reload that was not over', () => {
  const reload = (start: number): EventOf<'reload'> => ({
    ...{ n: 1, e: 'reload', number: 0, old: 1, new: 2, listener: 3 },
    ...{ start, before: 10, reloaded: 20, after: 20, closed: 30 },
  })
  const times = [99, 100, 109, 110, 119, 120, 129, 130, 199, 200, 215, 230 + 29_999, 230 + 30_000]
  const expected = { before: 3, reload: 3, after: 0, closing: 2, settling: 3, pause: 1 }
  const at = (time: number, begun = time) => ({ time, begun })
  assert.equal(
    byPart(
      times.map((time) => at(time)),
      [reload(100), reload(200)],
    ),
    expected,
  )
  const late = 230 + 90_000
  assert.equal(byPart([at(late, 230 + 29_999), at(late, 230 + 30_000)], [reload(200)]), {
    ...{ before: 0, reload: 0, after: 0, closing: 0, settling: 1, pause: 1 },
  })
})

test('of the RSTs by which clients answered those of a reload are told', () => {
  const reload: EventOf<'reload'> = {
    ...{ n: 1, e: 'reload', number: 0, old: 1, new: 2, listener: 3 },
    ...{ start: 100_000, before: 10, reloaded: 20, after: 20, closed: 5_000 },
  }
  const rsts: EventOf<'rsts'>['rows'] = [
    ['C', 40000, 99_999],
    ['C', 40001, 100_000],
    ['D', 40002, 100_001],
    ['C', 40003, 135_000],
    ['C', 40004, 135_001],
  ]
  assert.is(repliesInReloads(rsts, [reload]), 2)
})

test.run()
