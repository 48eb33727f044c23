import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as v from 'valibot'
import { type Event, readEvents } from '../guest/events.ts'
import { measure } from './measure.ts'
import { isMeasured, Result } from './result.ts'

// Real events: those of the committed reference runs.
const REFERENCE = 'reports/reference'
const runs = readdirSync(REFERENCE).filter((run) => existsSync(join(REFERENCE, run, 'result.json')))
const load = (run: string) => v.parse(Result, JSON.parse(readFileSync(join(REFERENCE, run, 'result.json'), 'utf8')))
const stream = (run: string, folder: string) => readFileSync(join(REFERENCE, run, folder, 'events.jsonl'), 'utf8')

/** Runs that keep the events of their cells; a comparison points at those of others. */
const measured = runs.flatMap((run) =>
  load(run)
    .cells.filter(isMeasured)
    .filter(({ folder }) => existsSync(join(REFERENCE, run, folder, 'events.jsonl')))
    .map((cell) => ({ run, cell })),
)

test('there are reference runs', () => {
  assert.ok(measured.length > 0)
})

for (const { run, cell } of measured)
  test(`${run} ${cell.case}: the saved events give the saved numbers again`, () => {
    const { events, broken } = readEvents(stream(run, cell.folder))
    assert.is(broken, null)
    const again = measure(events, cell.seed)
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
  const doubt = (changed: Event[]) => assert.throws(() => measure(changed, 1), /the account does not add up/)
  doubt(spoil('load', (load) => [{ ...load, begun: load.begun + 1 }]))
  doubt(spoil('load', (load) => [{ ...load, timeout: load.timeout + 1, ok: load.ok - 1 }]))
  doubt(spoil('latency', ({ buckets, ...rest }) => [{ ...rest, buckets: buckets.slice(1) }]))
})

test('without totals or counters nothing is measured', () => {
  assert.throws(
    () =>
      measure(
        spoil('load', () => []),
        1,
      ),
    'no event "load"',
  )
  assert.throws(
    () =>
      measure(
        spoil('counters', () => []),
        1,
      ),
    'no event "counters"',
  )
})

test('RSTs that the packet socket had to drop spoil the count', () => {
  assert.throws(
    () =>
      measure(
        spoil('counters', (of) => [{ ...of, tapDropped: 3 }]),
        1,
      ),
    'lost 3 RSTs',
  )
})

test.run()
