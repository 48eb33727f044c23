import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Event, EventOf } from '../../model/events.ts'
import { bootEvents } from './boot-events.ts'
import { offCourse } from './course.ts'

const SECOND = 1_000_000

/** A reload that begins at this time, in microseconds, and takes 10 ms. */
const reload = (number: number, start: number, old: number): Event => ({
  ...{ n: 1, e: 'reload', number, start, before: 0, reloaded: 5000, after: 6000, closed: 10_000 },
  ...{ old, new: old + 1, listener: 1 },
})
const tick = (t: number): Event => ({
  ...{ n: 1, e: 'tick', t, begun: 0, ok: 0, reset: 0, refused: 0, timeout: 0, short: 0 },
})
const phase = (us: number) => ({ us, begun: 0, answered: 0, slow: 0, maxUs: 0 })

/** Two seconds of two users; each begins and ends a connection in each slot, except where `still`. */
const slots = (still: (us: number) => boolean = () => false): Event => {
  const rows = Array.from({ length: 400 }, (_, i): [number, number, number] => {
    const quiet = still(i * 5000)
    const [before, after] = [i > 0 && !still((i - 1) * 5000), i < 399 && still((i + 1) * 5000)]
    return quiet ? [0, 0, 0] : [before ? 2 : 4, after ? 4 : 2, 2]
  })
  return { n: 1, e: 'slots', startUs: 0, slotUs: 5000, first: 0, rows }
}

const HEALTHY: Event[] = [
  { n: 1, e: 'load-start', t: 0, port: 8080, users: 2, rate: 0 },
  { n: 1, e: 'reloading', seconds: 1 },
  ...[1, 2].map((s) => tick(s * SECOND)),
  ...[0, 1, 2].map((i) => reload(i, SECOND + i * 300_000, 10 + i)),
  { n: 1, e: 'phases', quiet: phase(SECOND), reloads: phase(SECOND), reloadsFromUs: SECOND },
  slots(),
]

const course = (events: Event[]) => offCourse(bootEvents(events))
const changed = <E extends Event['e']>(e: E, change: (event: EventOf<E>, i: number) => Event[]) => {
  let seen = 0
  return course(HEALTHY.flatMap((event) => (event.e === e ? change(event as EventOf<E>, seen++) : [event])))
}

test('a healthy boot has nothing off course', () => {
  assert.is(course(HEALTHY), null)
})

test('reloads are reported one by one', () => {
  assert.match(changed('reload', (event, i) => (i === 1 ? [] : [event]))!, /reload 1 is missing: reload 2 came/)
  assert.match(changed('reload', (event, i) => (i === 1 ? [event, event] : [event]))!, /reload 2 is missing: reload 1/)
})

test('each reload replaces the proxy that the previous one started', () => {
  const said = changed('reload', (event, i) => [i === 1 ? { ...event, old: 77 } : event])
  assert.match(said!, /reload 1 replaced process 77, but the previous one had started process 11/)
})

test('what prepares a reload may replace that proxy first', () => {
  const prepared = (old: number, start = SECOND + 200_000) =>
    changed('reload', (event, i) => [i === 1 ? { ...event, old: 77, prepared: { start, old } } : event])
  assert.is(prepared(11), null)
  assert.match(prepared(12)!, /reload 1 replaced process 12, but the previous one had started process 11/)
  assert.match(prepared(11, SECOND)!, /reload 1 began before the previous one had ended/)
})

test('the clock neither goes back nor jumps', () => {
  const by = (us: number) => changed('tick', (event, i) => [i === 1 ? { ...event, t: event.t + us } : event])
  assert.match(by(9 * SECOND)!, /the guest stalled or its clock jumped: 10.00 s between two ticks/)
  assert.match(by(-2 * SECOND)!, /the clock went back by 1.00 s/)
  const early = changed('reload', (event, i) => [i === 2 ? { ...event, start: SECOND } : event])
  assert.match(early!, /the clock went back: reload 2 began before the previous one had ended/)
})

test('there is load before the first reload and until the last', () => {
  const phases = (change: Partial<EventOf<'phases'>>) => changed('phases', (event) => [{ ...event, ...change }])
  assert.match(phases({ reloadsFromUs: 0 })!, /was not told that the reloads began/)
  assert.match(phases({ quiet: phase(20_000) })!, /the load ran only 0.02 s before the first reload/)
  assert.match(phases({ reloadsFromUs: 4 * SECOND })!, /told of the reloads only after the first had begun/)
  assert.match(phases({ reloadsFromUs: SECOND + 300_000 })!, /told of the reloads only after the first had begun/)
  assert.is(phases({ reloadsFromUs: SECOND + 200_000 }), null, 'a signal waits for a CPU')
  assert.match(
    changed('reload', (event, i) => [i === 2 ? { ...event, start: 4 * SECOND } : event])!,
    /the load ended before the last reload/,
  )
  assert.match(changed('reloading', (event) => [{ ...event, seconds: 3 }])!, /for 1.00 s, not for the 3.00 s asked for/)
})

test('users that have no connection begin one', () => {
  const idle = (from: number, until: number) => changed('slots', () => [slots((us) => us >= from && us < until)])
  assert.match(idle(SECOND, 2 * SECOND)!, /began no connection for 1.00 s while most of its 2 users had none/)
  assert.is(idle(SECOND, SECOND + 100_000), null)
})

test('of a generator that has no CPU its ticks tell', () => {
  const said = (late: number) => {
    const told = HEALTHY.map((event) => {
      if (event.e === 'slots') return slots((us) => us >= 1.2 * SECOND)
      return event.e === 'tick' && event.t === 2 * SECOND ? { ...event, t: event.t + late } : event
    })
    return course(told)?.match(/had none(.*)/)?.[1]
  }
  assert.is(said(0), '')
  assert.is(said(900_000), '; its own tick was 0.90 s late then, as where it gets no CPU')
})

test('users that wait for an answer may begin none', () => {
  const waits = changed('slots', (event) => [
    { ...event, rows: event.rows.map((row, i) => (i < 200 ? row : i === 200 ? [2, 0, 2] : [0, 0, 2])) },
  ])
  // The last of the busy slots leaves two underway.
  assert.is(waits, null)
})

test.run()
