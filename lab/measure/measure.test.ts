import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Event, readEvents } from '../model/events.ts'
import { isMeasured } from '../model/result.ts'
import { REFERENCE, referenceRun } from '../saved/reference.ts'
import { lossyShare, measure, resetsByBoot } from './measure.ts'
import { tally } from './numbers/tally.ts'

// Real events: those of a committed cell. All committed cells are measured again in reference.system.test.ts.

const RUN = '6.1'
const cell = referenceRun(RUN)
  .cells.filter(isMeasured)
  .find(({ case: name }) => name === 'none')!
const stream = (boot = 'boot-1') => readFileSync(join(REFERENCE, RUN, cell.folder, boot, 'events.jsonl'), 'utf8')
const events = () => readEvents(stream()).events

/** The events, with those of one name changed or removed. */
const spoil = <E extends Event['e']>(e: E, change: (event: Extract<Event, { e: E }>) => Event[]) =>
  events().flatMap((event) => (event.e === e ? change(event as Extract<Event, { e: E }>) : [event]))

test('a stream cut anywhere is broken, and never measured as a whole', () => {
  const text = stream()
  for (const share of [0.1, 0.5, 0.9, 0.999])
    assert.is.not(readEvents(text.slice(0, Math.floor(text.length * share))).broken, null)
})

test('with a row or a bucket missing, or a connection too many, the account does not add up', () => {
  const doubt = (changed: Event[]) => assert.throws(() => tally(changed), /the account does not add up/)
  doubt(spoil('load', (load) => [{ ...load, begun: load.begun + 1 }]))
  doubt(spoil('load', (load) => [{ ...load, timeout: load.timeout + 1, ok: load.ok - 1 }]))
  doubt(spoil('latency', ({ buckets, ...rest }) => [{ ...rest, buckets: buckets.slice(1) }]))
})

test('without totals or counters nothing is measured', () => {
  assert.throws(() => tally(spoil('load', () => [])), 'no event "load"')
  assert.throws(() => tally(spoil('counters', () => [])), 'no event "counters"')
})

test('RSTs that the packet socket had to drop spoil the count', () => {
  assert.throws(() => tally(spoil('counters', (counters) => [{ ...counters, tapDropped: 3 }])), 'lost 3 packets')
})

test('counters that lack what the clients opened are no ground for causes', () => {
  const closed = spoil('counters', ({ growth, ...rest }) => [{ ...rest, growth: { ...growth, ActiveOpens: 9 } }])
  assert.throws(() => tally(closed), /the kernel opened 9 connections \(ActiveOpens\), but the generator began \d+/)
})

test('boots are combined: counts summed, reloads listed boot after boot', () => {
  const boots = cell.eachBoot.map(({ folder }) => tally(readEvents(stream(folder)).events))
  const both = measure(boots, cell)
  const each = boots.map((boot) => measure([boot], cell))
  for (const count of ['connections', 'ok', 'resets', 'reloads', 'priced'] as const)
    assert.is(
      both[count],
      each.reduce((sum, one) => sum + one[count], 0),
      count,
    )
  assert.equal(
    both.resetsByReload,
    each.flatMap((one) => one.resetsByReload),
  )
  assert.equal(
    both.byBoot,
    each.flatMap((one) => one.byBoot),
  )
  assert.equal(
    resetsByBoot(both, 'all'),
    each.map((one) => one.resetsByReload),
  )
})

test('a reload that refuses loses as one that resets does; lossyReloads counts resets alone', () => {
  const boots = cell.eachBoot.map(({ folder }) => tally(readEvents(stream(folder)).events))
  const all = measure(boots, cell)
  assert.equal(lossyShare(all), all.lossyReloads)
  const refusing = measure(
    boots.map((boot) => ({
      ...boot,
      refusedByReload: boot.refusedByReload.map(() => 3),
      resetsByReload: boot.resetsByReload.map(() => 0),
    })),
    cell,
  )
  assert.is(refusing.lossyReloads.share, 0)
  assert.is(lossyShare(refusing).share, 1)
})

test.run()
