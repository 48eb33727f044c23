import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Event, readEvents } from '../../model/events.ts'
import { isMeasured, type MeasuredCell } from '../../model/result.ts'
import { REFERENCE, referenceRun } from '../../saved/reference.ts'
import { notAsAsked } from './asked.ts'

const cell = referenceRun('6.1')
  .cells.filter(isMeasured)
  .find(({ case: name }) => name === 'none')!
const { events } = readEvents(readFileSync(join(REFERENCE, '6.1', cell.folder, 'boot-1/events.jsonl'), 'utf8'))
/** What is said when another load was asked for. */
const asked = (change: Partial<MeasuredCell['load']>) =>
  notAsAsked({ ...cell, load: { ...cell.load, ...change } }, events)

test('the load and the kernel that were asked for', () => {
  assert.is(notAsAsked(cell, events), null)
})

test('one of two builds of the same name', () => {
  assert.is(notAsAsked({ ...cell, kernel: `${cell.kernel} (0123abcd)` }, events), null)
  assert.match(notAsAsked({ ...cell, kernel: '6.1.0 (0123abcd)' }, events)!, /^the guest booted Linux/)
})

test('another load', () => {
  assert.match(asked({ users: 7 })!, /not the load that was asked for: 80 users instead of 7/)
  assert.match(asked({ rate: 100 })!, /0 arrivals a second instead of 100/)
  assert.match(asked({ duration: 99 })!, /reloads for .* s instead of 99/)
  assert.match(asked({ fusedAck: true })!, /not the load that was asked for: no fused ACKs/)
  assert.match(asked({ closeWithRst: true })!, /not the load that was asked for: no closes by RST/)
  assert.match(asked({ interval: 5000 })!, /a pause of .* ms before reload 1 instead of 5000/)
})

test('an open loop waits for short accept queues, and its pause begins there', () => {
  assert.match(asked({ drains: true })!, /no wait for short accept queues after reload 0/)
  const drained = (us: number) =>
    events.map((event): Event => (event.e === 'reload' ? { ...event, drained: event.closed + us, waiting: 0 } : event))
  const drains = { ...cell, load: { ...cell.load, drains: true } }
  assert.is(notAsAsked(drains, drained(0)), null)
  assert.match(notAsAsked(drains, drained(80_000))!, /a pause of .* ms before reload 1 instead of 100/)
})

test('a wait for short accept queues ends when they are short, or is given up', () => {
  const told = (queued: number, waiting: number) =>
    events.map((event): Event => (event.e === 'reload' ? { ...event, drained: event.closed, queued, waiting } : event))
  // In 20 ms, 2 arrive.
  const drains = { ...cell, load: { ...cell.load, drains: true, rate: 100 } }
  const said = (queued: number, waiting = 0) =>
    (notAsAsked(drains, told(queued, waiting)) ?? '').replace(/.*arrivals a second instead of 100(, )?/, '')
  assert.is(said(2), '')
  assert.is(said(3), 'a wait for short accept queues that ended with 3 connections at reload 0 instead of 2')
  assert.is(said(3, 3), '', 'given up: see overload.ts')
})

test('the pause ends where the next reload is prepared', () => {
  const prepared = events.map(
    (event): Event => (event.e === 'reload' ? { ...event, prepared: { start: event.start - 80_000, old: 1 } } : event),
  )
  assert.match(notAsAsked(cell, prepared)!, /a pause of .* ms before reload 1 instead of 100/)
})

test('a pause follows what prepares a reload', () => {
  const ended = (before: number) =>
    events.map(
      (event): Event =>
        event.e === 'reload'
          ? { ...event, prepared: { start: event.start - before, end: event.start - before, old: 1 } }
          : event,
    )
  const patient = { ...cell, load: { ...cell.load, interval: 10 } }
  assert.is(notAsAsked(patient, ended(8500)), null)
  assert.match(notAsAsked(patient, ended(4000))!, /a pause of 4 ms before reload 0 instead of 10/)
})

test('a reload that is not counted comes before the load', () => {
  assert.match(asked({ warms: true })!, /not the load that was asked for: no reload before the load/)
  const warm: Event[] = [{ n: 0, e: 'warmed' }, ...events]
  assert.is(notAsAsked({ ...cell, load: { ...cell.load, warms: true } }, warm), null)
})

test('another network, or another way than the device that was watched', () => {
  const apart = { ...cell, network: 'veth' as const }
  assert.is(notAsAsked(apart, events), 'the guest watched lo, not veth0', 'an older guest had the loopback')
  const through = (received: number) =>
    events.map((event): Event => (event.e === 'counters' ? { ...event, device: { name: 'veth0', received } } : event))
  assert.is(notAsAsked(cell, through(1e9)), 'the guest watched veth0, not lo')
  assert.is(notAsAsked(apart, through(1e9)), null)
  assert.match(notAsAsked(apart, through(5))!, /^veth0 received 5 packets while \d+ connections began/)
})

test('another kernel', () => {
  const other = events.map((event): Event => (event.e === 'boot' ? { ...event, release: '1.2.13' } : event))
  assert.match(notAsAsked(cell, other)!, /the guest booted Linux 1.2.13, not /)
})

test.run()
