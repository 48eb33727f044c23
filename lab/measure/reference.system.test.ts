import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readEvents } from '../model/events.ts'
import { isMeasured } from '../model/result.ts'
import { REFERENCE, referenceRun, referenceRuns } from '../saved/reference.ts'
import { notAsAsked } from './doubts/asked.ts'
import { contradictions } from './doubts/coherence.ts'
import { measure } from './measure.ts'
import { tally } from './numbers/tally.ts'

// The committed runs, measured again from their saved events. Their numbers must come out the same; their reasons keep
// the words that they were written with.

const runs = referenceRuns().map((name) => ({ name, result: referenceRun(name) }))
const eventsFile = (run: string, folder: string, boot: string) => join(REFERENCE, run, folder, boot, 'events.jsonl')

/** Cells whose events were kept. */
const kept = runs.flatMap(({ name, result }) =>
  result.cells
    .filter(isMeasured)
    .filter(({ folder }) => existsSync(eventsFile(name, folder, 'boot-1')))
    .map((cell) => ({ run: name, cell })),
)

test('there are reference runs with events', () => {
  assert.ok(kept.length > 0)
})

for (const { name, result } of runs)
  test(`${name} is coherent`, () => {
    assert.equal(contradictions(result), [])
  })

for (const { run, cell } of kept)
  test(`${run} ${cell.folder}: ran what was asked for, and its events give the saved numbers again`, () => {
    const boots = cell.eachBoot.map(({ folder }) => {
      const { events, broken } = readEvents(readFileSync(eventsFile(run, cell.folder, folder), 'utf8'))
      assert.is(broken, null)
      assert.is(notAsAsked(cell, events), null)
      return tally(events)
    })
    const again = measure(boots, cell)
    for (const [field, value] of Object.entries(again)) assert.equal(cell[field as keyof typeof again], value, field)
  })

test.run()
