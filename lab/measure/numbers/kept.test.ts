import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Event } from '../../model/events.ts'
import { bootEvents } from './boot-events.ts'
import { isReused, keptMistake, keptOf, waitedFrom } from './kept.ts'
import type { LostRows } from './slots.ts'

const PAUSE_MS = 20

/** Begun at an even microsecond, so that requests are GET, POST, GET …; the third was due after two pauses. */
const reset: LostRows[number] = ['A', 40000, 1000, 52_000, 2, 'G', 51_000]
const resetPost: LostRows[number] = ['A', 40001, 1001, 52_000, 2, 'P', 51_000]
const first: LostRows[number] = ['B', 40002, 1000, 2000, 0, 'G', 1000]
const idle: LostRows[number] = ['B', 40003, 1000, 60_000, 3, '-', 0]
const empty: LostRows[number] = ['S', 40004, 1000, 52_000, 1, 'P', 31_000]
const late: LostRows[number] = ['T', 40005, 1000, 8_051_000, 2, 'G', 51_000]
const lost = [reset, resetPost, first, idle, empty, late]

/** Six connections lost; the requests of the resets, of the empty reply and of the timeout were not answered. */
const told = { requests: 104, posts: 51, answers: 100, resets: 3, resetPosts: 1, shorts: 1 }

function boot(kept: Partial<typeof told> | null = {}, keepAlive: object | null = { pauseMs: PAUSE_MS, requests: 10 }) {
  const events = [
    { n: 1, e: 'load-start', t: 0, port: 80, users: 80, rate: 0, ...(keepAlive && { keepAlive }) },
    ...(kept ? [{ n: 2, e: 'kept', ...told, ...kept }] : []),
    { n: 3, e: 'load', begun: 30 },
  ]
  return bootEvents(events as unknown as Event[])
}

test('what became of reused connections, by reload', () => {
  assert.equal(keptOf(boot(), lost, [51_500, 52_000, 60_000], [0, 51_800]), {
    ...told,
    resetIdle: 1,
    resetsByReload: [1, 2],
  })
  assert.equal(lost.map(isReused), [true, true, false, true, true, true])
})

test('connections of one request each have no such account', () => {
  const plain: LostRows = [['A', 40000, 1000, 2000]]
  assert.is(keptOf(boot(null, null), plain, [], []), null)
  assert.is(keptMistake(boot(null, null), plain), null)
  assert.is(isReused(plain[0]!), false)
  assert.match(keptMistake(boot(), plain)!, /connections are not kept/)
  assert.match(keptMistake(boot(null), [])!, /connections are not kept/)
})

test('a client waits from the moment in which it asked, else from the beginning', () => {
  assert.equal([late, idle, ['T', 1, 5, 9] as LostRows[number]].map(waitedFrom), [51_000, 1000, 5])
})

test('an account that adds up', () => assert.is(keptMistake(boot(), lost), null))

test('totals that the rows do not bear out', () => {
  assert.match(keptMistake(boot({ resets: 4 }), lost)!, /3 rows of reused connections for 4 resets/)
  assert.match(keptMistake(boot({ resetPosts: 0 }), lost)!, /1 rows of reused connections for 0 resetPosts/)
  assert.match(keptMistake(boot({ shorts: 0 }), lost)!, /1 rows of reused connections for 0 shorts/)
  assert.match(
    keptMistake(boot({ answers: 102 }), lost)!,
    /104 requests and 102 answers, but 3 to 4 requests were lost/,
  )
  assert.match(keptMistake(boot({ answers: 99 }), lost)!, /3 to 4 requests were lost/)
  assert.match(keptMistake(boot({ posts: 0 }), lost)!, /0 of 104 requests were POSTs, not half of them/)
})

test('rows that cannot be', () => {
  const withRow = (row: LostRows[number]) => keptMistake(boot(), [row, ...lost.slice(1)])
  assert.match(withRow(['A', 40000, 1000, 52_000, 2, 'P', 51_000])!, /.*rows of reused connections for 1 resetPosts/)
  assert.match(withRow(['A', 40000, 1001, 52_000, 2, 'G', 51_000])!, /cannot have had a request of kind G/)
  const swapped: LostRows = [
    ['A', 40000, 1000, 52_000, 2, 'P', 51_000],
    ['A', 40001, 1001, 52_000, 2, 'G', 51_000],
    ...lost.slice(2),
  ]
  assert.match(keptMistake(boot(), swapped)!, /cannot have had a request of kind P/)
  assert.match(withRow(['A', 40000, 1000, 52_000, 4, 'G', 21_000])!, /cannot have asked again at 21000 µs/)
  assert.match(
    keptMistake(boot({ resets: 2 }), [['A', 40000, 1000, 52_000, 0, 'G', 51_000], ...lost.slice(1)])!,
    /cannot have asked again/,
  )
  assert.match(withRow(['A', 40000, 1000, 52_000, 2, '-', 0])!, /had no request under way/)
})

test.run()
