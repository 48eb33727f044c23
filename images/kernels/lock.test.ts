import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cacheRoot } from '../cache/cache.ts'
import { Distrusted } from '../debian/signature.ts'
import { scratchWithCache } from '../fixtures/files.ts'
import { checkLock, lockedVersion, recordLock } from './lock.ts'

const { dir: scratch, end } = scratchWithCache('lock')
const [ONE, OTHER] = ['1', '2'].map((digit) => digit.repeat(64)) as [string, string]
const entry = (version: string, ...hashes: string[]) => ({
  version,
  packages: Object.fromEntries(hashes.map((hash, i) => [`package-${i}`, hash])),
})
const before = process.env.HITLESS_LOCK

test.before.each(() => {
  const dir = mkdtempSync(join(scratch, 'test-'))
  process.env.XDG_CACHE_HOME = join(dir, 'cache')
  process.env.HITLESS_LOCK = join(dir, 'lock.json')
})
test.after(() => {
  if (before === undefined) delete process.env.HITLESS_LOCK
  else process.env.HITLESS_LOCK = before
  end()
})

const pin = (entries: object) => writeFileSync(process.env.HITLESS_LOCK!, JSON.stringify(entries))

const refused = async (...fetched: Parameters<typeof checkLock>) => {
  const error = await checkLock(...fetched).catch((error) => error)
  assert.instance(error, Distrusted)
  return error as Distrusted
}

test('accepts what was recorded, and what is new', async () => {
  await recordLock('4.9', entry('4.9.320-2', ONE))
  await checkLock('4.9', entry('4.9.320-2', ONE), false)
  await checkLock('3.2', entry('3.2.102-1', OTHER), false)
  assert.is(await lockedVersion('4.9'), '4.9.320-2')
  assert.is(await lockedVersion('3.2'), null)
})

test('refuses a changed, an additional and a missing package', async () => {
  await recordLock('4.9', entry('4.9.320-2', ONE))
  const message = async (...hashes: string[]) => (await refused('4.9', entry('4.9.320-2', ...hashes), true)).message
  assert.match(await message(OTHER), `had the SHA-256 ${ONE}, and now ${OTHER}`)
  assert.match(await message(ONE, OTHER), 'package-1 had the SHA-256 missing')
  assert.match(await message(), 'and now missing')
})

test('only what moves on may be newer; nothing may be older', async () => {
  await recordLock('7.0', entry('7.0.12-1', ONE))
  await checkLock('7.0', entry('7.0.12-2', OTHER), true)
  const { message } = await refused('7.0', entry('7.0.12-2', OTHER), false)
  assert.match(message, 'it was version 7.0.12-1, and now is 7.0.12-2')
  assert.match((await refused('7.0', entry('7.0.11-1', OTHER), true)).message, 'it was version 7.0.12-1')
})

test('the lock file counts before the record, and is never written', async () => {
  pin({ 4.9: entry('4.9.320-2', ONE) })
  const text = readFileSync(process.env.HITLESS_LOCK!, 'utf8')
  await recordLock('4.9', entry('4.9.320-2', OTHER))
  await recordLock('6.1.0-56-cloud-amd64', entry('6.1.192-2', OTHER))
  assert.is(readFileSync(process.env.HITLESS_LOCK!, 'utf8'), text)
  assert.is(await lockedVersion('4.9'), '4.9.320-2')
  const { message, hint } = await refused('4.9', entry('4.9.320-2', OTHER), false)
  assert.match(message, 'its packages are not those that are pinned')
  assert.match(hint!, `remove "4.9" from ${process.env.HITLESS_LOCK}`)
})

test('says which file to remove where Debian is known to have changed the packages', async () => {
  await recordLock('4.9', entry('4.9.320-2', ONE))
  const { hint } = await refused('4.9', entry('4.9.320-2', OTHER), false)
  rmSync(/rm (\S+);/.exec(hint!)![1]!)
  await checkLock('4.9', entry('4.9.320-2', OTHER), false)
})

test('records at the same time lose nothing and leave no draft', async () => {
  const keys = Array.from({ length: 9 }, (_, i) => `6.1.0-${i}-cloud-amd64`)
  await Promise.all(keys.map((key) => recordLock(key, entry('6.1.192-2', ONE))))
  for (const key of keys) assert.is(await lockedVersion(key), '6.1.192-2')
  assert.equal(readdirSync(join(cacheRoot(), 'fetched')).sort(), keys.map((key) => `${key}.json`).sort())
})

test('a torn record counts for nothing', async () => {
  await recordLock('4.9', entry('4.9.320-2', ONE))
  truncateSync(join(cacheRoot(), 'fetched/4.9.json'), 20)
  await checkLock('4.9', entry('4.9.320-2', OTHER), false)
  await recordLock('4.9', entry('4.9.320-2', OTHER))
  await refused('4.9', entry('4.9.320-2', ONE), false)
})

test("the lab's own lock file can be read", async () => {
  delete process.env.HITLESS_LOCK
  assert.is(await lockedVersion('no such kernel'), null)
  assert.not(existsSync(cacheRoot()), 'asking writes nothing')
})

test('a lock file of another shape: every mistake by its field', async () => {
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
