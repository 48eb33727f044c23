import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { checkLock, lockedVersion, recordLock } from './lock.ts'
import { Distrusted } from './signature.ts'

let dir: string
const notes: string[] = []
const note = (line: string) => notes.push(line)
const [ONE, OTHER] = ['1', '2'].map((digit) => digit.repeat(64)) as [string, string]
const entry = (version: string, ...hashes: string[]) => ({
  version,
  packages: Object.fromEntries(hashes.map((hash, i) => [`package-${i}`, hash])),
})

test.before.each(() => {
  dir = mkdtempSync(join(tmpdir(), 'lock-'))
  process.env.HITLESS_LOCK = join(dir, 'lock.json')
})
test.after.each(() => {
  delete process.env.HITLESS_LOCK
  rmSync(dir, { recursive: true })
})

const refused = async (...of: Parameters<typeof checkLock>) => {
  const error = await checkLock(...of).catch((error) => error)
  assert.instance(error, Distrusted)
  return (error as Distrusted).message
}

test('takes what it has, and what it does not know', async () => {
  await recordLock('4.9', entry('4.9.320-2', ONE), note)
  await checkLock('4.9', entry('4.9.320-2', ONE), false)
  await checkLock('3.2', entry('3.2.102-1', OTHER), false)
  assert.is(await lockedVersion('4.9'), '4.9.320-2')
  assert.is(await lockedVersion('3.2'), null)
})

test('refuses a changed, a further and a missing package', async () => {
  await recordLock('4.9', entry('4.9.320-2', ONE), note)
  assert.match(await refused('4.9', entry('4.9.320-2', OTHER), true), `had the SHA-256 ${ONE}, and now ${OTHER}`)
  assert.match(await refused('4.9', entry('4.9.320-2', ONE, OTHER), true), 'package-1 had the SHA-256 missing')
  assert.match(await refused('4.9', entry('4.9.320-2'), true), 'and now missing')
})

test('only what moves on may be newer, and nothing older', async () => {
  await recordLock('7.0', entry('7.0.12-1', ONE), note)
  await checkLock('7.0', entry('7.0.12-2', OTHER), true)
  assert.match(await refused('7.0', entry('7.0.12-2', OTHER), false), 'it was version 7.0.12-1, and now is 7.0.12-2')
  assert.match(await refused('7.0', entry('7.0.11-1', OTHER), true), 'it was version 7.0.12-1')
})

test('is sorted by version, the same whatever came first, and leaves no draft', async () => {
  await recordLock('3.16', entry('3.16.84-1', ONE), note)
  await recordLock('3.2', { version: '3.2.102-1', packages: { b: ONE, a: OTHER } }, note)
  const text = readFileSync(process.env.HITLESS_LOCK!, 'utf8')
  assert.equal(Object.keys(JSON.parse(text)), ['3.2', '3.16'])
  assert.equal(Object.keys(JSON.parse(text)['3.2'].packages), ['a', 'b'])
  assert.equal(readdirSync(dir), ['lock.json'])
  await recordLock('3.2', { version: '3.2.102-1', packages: { a: OTHER, b: ONE } }, note)
  assert.is(readFileSync(process.env.HITLESS_LOCK!, 'utf8'), text)
  assert.equal(notes, [])
})

test('a lock file that is none: all that is wrong with it, by field', async () => {
  writeFileSync(process.env.HITLESS_LOCK!, JSON.stringify({ a: { version: 1, packages: { p: 'x' } }, b: {} }))
  const error = await lockedVersion('a').catch((error) => error)
  const expected = [
    'a.version 1: expected text',
    'a.packages.p "x": expected a SHA-256',
    'b.version is missing: expected text',
    'b.packages is missing: expected an object with fields',
  ]
  assert.is(error.message, expected.map((line) => `${process.env.HITLESS_LOCK} is no lock file: ${line}`).join('\n'))
})

test.run()
