import { PassThrough } from 'node:stream'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Event } from '../model/events.ts'
import { attend } from './attend.ts'
import { boundedEvents, MOST } from './bounds.ts'
import { Console } from './qemu/console.ts'

const BOOT = '{"n":1,"e":"boot","t":5,"release":"6.1","version":"Linux version 6.1"}'
const DONE = '{"n":2,"e":"done","t":9,"status":0,"lines":2}'
/** Seconds; long enough for a busy machine, short enough to wait for. */
const LIMITS = { boot: 1, firstBoot: 1, silence: 1, farewell: 0.1, trace: 0.3, underway: 0.1, overhead: 20 }

/** Follows a stream of these lines; `end` closes it behind them. */
async function follow(
  lines: string[],
  { end = false, limits = LIMITS, seconds = 1, abort = new AbortController() } = {},
) {
  const stream = new PassThrough()
  const events: Event[] = []
  const saved: string[] = []
  for (const line of lines) stream.write(`${line}\n`)
  if (end) stream.end()
  const observer = { line: (line: string) => void saved.push(line), event: (event: Event) => void events.push(event) }
  const ended = await attend(stream, observer, seconds, abort.signal, limits).then(
    () => 'done',
    (error: Error) => error.message,
  )
  return { ended, events: events.map(({ e }) => e), saved }
}

test('a guest that says done is done', async () => {
  assert.equal(await follow([BOOT, DONE]), { ended: 'done', events: ['boot', 'done'], saved: [BOOT, DONE] })
})

test('a guest that never boots', async () => {
  assert.match((await follow([])).ended, 'no event within 1 s')
})

test('a guest that falls silent', async () => {
  assert.match((await follow([BOOT])).ended, 'hangs: no event for 1 s after event 1')
})

test('a guest with an open shell may be silent as long as it is used, and not die', async () => {
  const limits = { ...LIMITS, silence: 0.1, overhead: 0.2 }
  const shell = '{"n":2,"e":"shell","t":9}'
  const used = follow([BOOT, shell], { limits, seconds: 0 })
  const patient = new Promise((resolve) => setTimeout(() => resolve('still open'), 600))
  assert.is(await Promise.race([used, patient]), 'still open')
  assert.match((await follow([BOOT, shell], { end: true })).ended, 'ended without "done", after event 2')
})

test('a guest that talks for ever', async () => {
  assert.match(
    (await follow([BOOT], { limits: { ...LIMITS, boot: 9, silence: 9, overhead: 0.5 }, seconds: 0 })).ended,
    'did not end within 0.5 s',
  )
})

test('what a driver sends as the port is opened is no line', async () => {
  const { ended, saved } = await follow([`\u0000${BOOT}`, DONE])
  assert.equal({ ended, saved }, { ended: 'done', saved: [BOOT, DONE] })
  assert.match((await follow([`\u0000${DONE}`])).ended, 'event 1 is missing')
  assert.match((await follow(['no event'])).ended, 'line 1 of the event stream is not JSON')
})

test('a stream that ends early', async () => {
  assert.match((await follow([BOOT], { end: true })).ended, 'ended without "done", after event 1')
})

test('a stream cut within a line', async () => {
  assert.match((await follow([BOOT, DONE.slice(0, 20)], { end: true })).ended, 'line 2 of the event stream is not JSON')
})

test('a line that is no event is saved and refused', async () => {
  const { ended, saved } = await follow([BOOT, 'garbage'])
  assert.match(ended, 'not JSON')
  assert.equal(saved, [BOOT, 'garbage'])
})

test('an event with a field that is not what it must be', async () => {
  assert.match((await follow([BOOT.replace('"t":5', '"t":-5')])).ended, 'is no event: t')
})

test('a line without an end breaks the stream before it is kept', async () => {
  const endless = new PassThrough()
  const ended = attend(endless, { line: () => {}, event: () => {} }, 1, new AbortController().signal, {
    ...LIMITS,
    boot: 20,
  }).catch((error: Error) => error.message)
  let written = 0
  const feed = () => {
    while (written < 100 * MOST.line) {
      written += 4096
      if (!endless.write(Buffer.alloc(4096, 'x'))) return
    }
  }
  endless.on('drain', feed)
  feed()
  assert.is(await ended, 'the guest says too much: a line of its event stream has more than 64 KiB')
  assert.ok(written < 3 * MOST.line, `${written} bytes were read`)
})

test('more events than a guest may say', async () => {
  const stream = boundedEvents(2)
  const most = MOST.events.always + 2 * MOST.events.perSecond
  const line = Buffer.alloc(MOST.line, 'x')
  line[MOST.line - 1] = 0x0a
  let [read, written] = [0, 0]
  stream.on('data', (bytes: Buffer) => {
    read += bytes.length
  })
  const broke = new Promise<Error>((resolve) => stream.on('error', resolve))
  while (written <= most) {
    stream.write(line)
    written += line.length
  }
  assert.is((await broke).message, 'the guest says too much: more than 80 MiB of events')
  assert.is(read, most)
})

test('a missing event', async () => {
  assert.match((await follow([BOOT, DONE.replace('"n":2', '"n":3')])).ended, 'event 2 is missing')
})

test('an error event ends the cell with its message', async () => {
  assert.is(
    (await follow([BOOT, '{"n":2,"e":"error","program":"reload","message":"no new proxy"}'])).ended,
    'no new proxy',
  )
})

test('done with a status is not done', async () => {
  assert.match((await follow([BOOT, DONE.replace('"status":0', '"status":2')])).ended, 'status 2')
})

/** Follows a guest whose console says something, and which tells these lines, each some milliseconds after that. */
async function read(words: string, lines: [afterMs: number, line: string][], { underway } = LIMITS) {
  const stream = new PassThrough()
  const console = new Console()
  const observer = { line: () => {}, event: () => {} }
  const limits = { ...LIMITS, boot: 5, silence: 5, underway }
  const end = attend(stream, observer, 1, new AbortController().signal, limits, console)
  console.read(words)
  for (const [ms, line] of lines) setTimeout(() => stream.write(`${line}\n`), ms)
  const ended = await end.then(
    () => 'done',
    (error: Error) => error.message,
  )
  return { ended, death: console.death?.words ?? null }
}
const PANIC = 'Kernel panic - not syncing: Attempted to kill init!\n'

test('a kernel that dies before it tells anything, and stays', async () => {
  assert.equal(await read(PANIC, []), { ended: 'the guest died before it told anything', death: PANIC.trim() })
})

test('a kernel that dies later, with an event still under way', async () => {
  // On a busy machine the event may take a while.
  assert.equal(await read(PANIC, [[5, BOOT]], { ...LIMITS, underway: 4 }), {
    ended: 'the guest died after event 1',
    death: PANIC.trim(),
  })
})

test('a guest that goes on has only printed such words', async () => {
  const after: [number, string][] = [
    [200, BOOT],
    [600, DONE],
  ]
  assert.equal(await read(PANIC, after), { ended: 'done', death: null })
})

test('an abort', async () => {
  const abort = new AbortController()
  setTimeout(() => abort.abort(), 50)
  assert.is((await follow([BOOT], { abort })).ended, 'interrupted')
})

test('a disk that does not take a line', async () => {
  const stream = new PassThrough()
  stream.write(`${BOOT}\n`)
  const full = () => {
    throw new Error('ENOSPC: no space left on device')
  }
  const ended = attend(stream, { line: full, event: () => {} }, 1, new AbortController().signal, LIMITS)
  assert.match(await ended.catch((error) => error.message), 'ENOSPC')
})

test.run()
