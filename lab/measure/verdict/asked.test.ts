import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { REFERENCE, referenceRun, referenceRuns } from '../../bench/reference.ts'
import { type Event, readEvents } from '../../model/events.ts'
import { isMeasured, type MeasuredCell } from '../../model/result.ts'
import { notAsAsked } from './asked.ts'

/** Each measured cell of the reference runs that keeps its events. */
const cells = referenceRuns()
  .flatMap((run) =>
    referenceRun(run)
      .cells.filter(isMeasured)
      .flatMap((cell) =>
        cell.eachBoot.map(({ folder }) => ({ cell, file: join(REFERENCE, run, cell.folder, folder, 'events.jsonl') })),
      ),
  )
  .filter(({ file }) => existsSync(file))

test('one of two builds that are called alike', () => {
  assert.is(notAsAsked({ ...cell, kernel: `${cell.kernel} (0123abcd)` }, events()), null)
  assert.match(notAsAsked({ ...cell, kernel: '6.1.0 (0123abcd)' }, events())!, /^the guest booted Linux/)
})

test('the reference runs ran what was asked for', () => {
  assert.ok(cells.length > 0)
  for (const { cell, file } of cells)
    assert.is(notAsAsked(cell, readEvents(readFileSync(file, 'utf8')).events), null, file)
})

const { cell, file } = cells.find(({ cell: { reloads } }) => reloads > 2)!
const events = () => readEvents(readFileSync(file, 'utf8')).events
const asked = (change: Partial<MeasuredCell['load']>) =>
  notAsAsked({ ...cell, load: { ...cell.load, ...change } }, events())

test('another load than was asked for is none that can be reported', () => {
  assert.match(asked({ users: 7 })!, /not the load that was asked for: 80 users instead of 7/)
  assert.match(asked({ rate: 100 })!, /0 arrivals a second instead of 100/)
  assert.match(asked({ duration: 99 })!, /reloads for .* s instead of 99/)
  assert.match(asked({ interval: 5000 })!, /a pause of .* ms before reload 1 instead of 5000/)
})

test('another kernel than was asked for is none that can be reported', () => {
  const other = events().map((event): Event => (event.e === 'boot' ? { ...event, release: '1.2.13' } : event))
  assert.match(notAsAsked(cell, other)!, /the guest booted Linux 1.2.13, not /)
})

test.run()
