import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { lengthened } from '../measure/lengthened.ts'
import { bootFolder } from '../model/cell.ts'
import { readEvents } from '../model/events.ts'
import { measureSaved } from '../saved/recount.ts'
import { eventsOfABoot, REFERENCE } from '../saved/reference.ts'
import { readRun } from '../saved/run.ts'
import { Aside, type Task } from './aside.ts'

const scratch = mkdtempSync(join(tmpdir(), 'hitless-test-'))
test.after(() => rmSync(scratch, { recursive: true, force: true }))

const { events } = readEvents(eventsOfABoot())
const cell = readRun(join(REFERENCE, 'host')).cells.find(({ name }) => name.endsWith('-none-half'))!
const facts = { starts: 1, bootMs: 1, tookMs: 1, waited: 0, stolen: 0, command: [], vcpus: [], vcpusAtEnd: [] }

/** A boot in which all happens k times, saved in the folder of a cell. */
function saved(boot: number, k: number): Task {
  const folder = join(scratch, bootFolder(boot))
  mkdirSync(folder, { recursive: true })
  const lines = lengthened(events, k).map((event) => `${JSON.stringify(event)}\n`)
  writeFileSync(join(folder, 'events.jsonl'), lines.join(''))
  return { folder: scratch, start: { cell, boot }, outcome: { kind: 'done', facts, consoleTail: [] } }
}

test('while a long boot is counted others are watched, and its numbers are what they are anyway', async () => {
  const task = saved(1, 100)
  let looks = 0
  const watch = setInterval(() => looks++, 10)
  const ended = await new Aside().measure(task)
  clearInterval(watch)
  assert.equal(ended, measureSaved(task.folder, task.start, task.outcome))
  assert.is(ended.kind === 'done' && ended.tally.resets, 30_800)
  assert.ok(looks > 5, `${looks} looks meanwhile`)
})

test('several boots at a time get each its own answer', async () => {
  const aside = new Aside()
  const tasks = [2, 3, 4].map((boot) => saved(boot, boot))
  const ended = await Promise.all(tasks.map((task) => aside.measure(task)))
  assert.equal(
    ended.map((boot) => [boot.boot, boot.cell === cell, boot.kind === 'done' && boot.tally.resets]),
    [2, 3, 4].map((boot) => [boot, true, 308 * boot]),
  )
})

test('events that do not fit into memory are told, and the lab goes on', async () => {
  const [large, small] = [saved(5, 2000), saved(6, 1)]
  const script = join(scratch, 'small.mts')
  const told = (task: unknown) => `await aside.measure(${JSON.stringify(task)}).then((boot) => boot.kind, String)`
  const module = new URL('./aside.ts', import.meta.url).href
  writeFileSync(
    script,
    `import { Aside } from '${module}'; const aside = new Aside(); console.log([${told(large)}, ${told(small)}].join('\\n'))`,
  )
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--max-old-space-size=100',
    '--import',
    'tsx',
    script,
  ])
  assert.match(stdout, /^Error: its events, which are saved, do not fit into the memory.*\ndone\n$/)
})

test.run()
