import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { lengthened } from '../measure/lengthened.ts'
import { readEventLines, readEvents } from '../model/events.ts'
import { eventsIn, eventsInTurns, tooLarge } from './events.ts'
import { eventsOfABoot } from './reference.ts'

const folder = mkdtempSync(join(tmpdir(), 'hitless-test-'))
const file = join(folder, 'events.jsonl')
test.after(() => rmSync(folder, { recursive: true, force: true }))

const lines = eventsOfABoot().split('\n').filter(Boolean)
const whole = readEventLines(lines)

/** What both readers say of a file with these lines. */
async function read(told: string[]) {
  writeFileSync(file, told.map((line) => `${line}\n`).join(''))
  return { atOnce: eventsIn(file), inTurns: await eventsInTurns(file) }
}

test('events are read alike at once and in turns, in order, with what is wrong with them', async () => {
  assert.equal(await read(lines), { atOnce: whole.events, inTurns: whole })
  const cut = await read(lines.slice(0, -1))
  assert.is(cut.atOnce, ': the event stream ends without "done"')
  assert.equal(cut.inTurns, { events: whole.events.slice(0, -1), broken: 'the event stream ends without "done"' })
  const torn = await read([...lines.slice(0, 7), '{"n":8', ...lines.slice(8)])
  const said = 'line 8 of the event stream is not JSON: "{\\"n\\":8"'
  assert.is(torn.atOnce, `: ${said}`)
  assert.equal(torn.inTurns, { events: whole.events.slice(0, 7), broken: said })
  const missing = await read([...lines.slice(0, 7), ...lines.slice(8)])
  assert.is(missing.inTurns.broken, 'event 8 is missing: event 9 came instead')
})

test('a file that is not there', async () => {
  assert.is(eventsIn(join(folder, 'none')), ' is missing')
  try {
    await eventsInTurns(join(folder, 'none'))
    assert.unreachable()
  } catch (error) {
    assert.match((error as Error).message, 'ENOENT')
  }
})

test('how much memory events take to be counted is told before, and what gives as much', () => {
  writeFileSync(file, '')
  truncateSync(file, 670 * 2 ** 20)
  assert.is(tooLarge(file, 5360 * 2 ** 20), null)
  assert.equal(tooLarge(file, 4144 * 2 ** 20), {
    said: 'to count its 670 MiB of events takes 5,360 MiB of memory, and Node.js gives 4,144',
    option: 'NODE_OPTIONS=--max-old-space-size=5360',
  })
  assert.is(tooLarge(join(folder, 'none')), null)
})

test('others have their turns while the events of a long boot are read', async () => {
  // Half a minute of reading would take too long here, half a second has turns as well.
  const long = lengthened(readEvents(eventsOfABoot()).events, 300)
  writeFileSync(file, long.map((event) => `${JSON.stringify(event)}\n`).join(''))
  let turns = 0
  let reads = true
  const others = (async () => {
    for (; reads; turns++) await setImmediate()
  })()
  const { events, broken } = await eventsInTurns(file)
  const during = turns
  reads = false
  await others
  assert.is(broken, null)
  assert.is(events.length, long.length)
  assert.ok(during > 2, `${during} turns`)
})

test.run()
