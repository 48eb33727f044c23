import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { REFERENCE, referenceRun, referenceRuns } from '../bench/reference.ts'
import { type Event, readEvents } from '../model/events.ts'
import { isMeasured } from '../model/result.ts'
import { measure, resetsByBoot } from './measure.ts'
import { tally } from './numbers/tally.ts'

// Real events: those of the committed reference runs.
const stream = (run: string, folder: string, boot = 'boot-1') =>
  readFileSync(join(REFERENCE, run, folder, boot, 'events.jsonl'), 'utf8')

/** Cells that keep their events. */
const measured = referenceRuns().flatMap((run) =>
  referenceRun(run)
    .cells.filter(isMeasured)
    .filter(({ folder }) => existsSync(join(REFERENCE, run, folder, 'boot-1/events.jsonl')))
    .map((cell) => ({ run, cell })),
)

test('there are reference runs', () => {
  assert.ok(measured.length > 0)
})

for (const { run, cell } of measured)
  test(`${run} ${cell.folder}: the saved events give the saved numbers again`, () => {
    const boots = cell.eachBoot.map(({ folder }) => {
      const { events, broken } = readEvents(stream(run, cell.folder, folder))
      assert.is(broken, null)
      return tally(events)
    })
    const again = measure(boots, cell)
    for (const [key, value] of Object.entries(again)) assert.equal(cell[key as keyof typeof again], value, key)
  })

const [{ run, cell }] = measured as [(typeof measured)[number]]
const events = () => readEvents(stream(run, cell.folder)).events
/** The events, with those of one name changed or left out. */
const spoil = <E extends Event['e']>(e: E, change: (event: Extract<Event, { e: E }>) => Event[]) =>
  events().flatMap((event) => (event.e === e ? change(event as Extract<Event, { e: E }>) : [event]))

test('a stream cut anywhere is broken, and never measured as a whole', () => {
  const text = stream(run, cell.folder)
  for (const share of [0.1, 0.5, 0.9, 0.999])
    assert.is.not(readEvents(text.slice(0, Math.floor(text.length * share))).broken, null)
})

test('a lost row, a lost bucket, a connection too many: the account does not add up', () => {
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
  assert.throws(() => tally(spoil('counters', (of) => [{ ...of, tapDropped: 3 }])), 'lost 3 RSTs')
})

test('boots are put together: counts summed, reloads one boot after the other', () => {
  const boots = cell.eachBoot.map(({ folder }) => tally(readEvents(stream(run, cell.folder, folder)).events))
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

test.run()
