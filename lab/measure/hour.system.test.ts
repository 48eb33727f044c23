import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readEvents } from '../model/events.ts'
import { eventsOfABoot } from '../saved/reference.ts'
import { lengthened } from './lengthened.ts'
import { tally } from './numbers/tally.ts'

const { events } = readEvents(eventsOfABoot())
const short = tally(events)

test('all of it once is the boot itself', () => {
  assert.equal(tally(lengthened(events, 1)), short)
})

// With what was quadratic once it took six minutes, and more than 100,000 arguments to one function end in an error.
test('a thousand times, more than an hour of reloads: each of their 308,000 resets is where it was', () => {
  const k = 1000
  const long = tally(lengthened(events, k))
  const times = (counts: object) => Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, count * k]))
  const repeated = <T>(list: T[]) => Array.from({ length: k }, () => list).flat()
  assert.is(long.resets, 308_000)
  assert.equal(long.causes, times(short.causes))
  assert.equal(long.wire, times(short.wire))
  assert.equal(long.resetsByPart, times(short.resetsByPart))
  assert.equal(long.resetsByReload, repeated(short.resetsByReload))
  assert.equal(long.exposedByReload, repeated(short.exposedByReload!))
  assert.equal(long.price.reloads.maxUs, short.price.reloads.maxUs)
})

test.run()
