import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Fault } from '../../lab/model/fault.ts'
import { cacheRoot } from '../cache/cache.ts'
import { whileLocked } from '../cache/lock.ts'
import { Distrusted } from '../debian/signature.ts'
import { scratchWithCache } from '../fixtures/files.ts'
import { checkLock, checkNewest, lockedVersion, recordLock, recordNewest } from './lock.ts'

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
  await recordLock('4.9', entry('4.9.320-2', ONE), false)
  await checkLock('4.9', entry('4.9.320-2', ONE), false)
  await checkLock('3.2', entry('3.2.102-1', OTHER), false)
  assert.is(await lockedVersion('4.9'), '4.9.320-2')
  assert.is(await lockedVersion('3.2'), null)
})

test('refuses a changed, an additional and a missing package', async () => {
  await recordLock('4.9', entry('4.9.320-2', ONE), false)
  const message = async (...hashes: string[]) => (await refused('4.9', entry('4.9.320-2', ...hashes), true)).message
  assert.match(await message(OTHER), `had the SHA-256 ${ONE}, and now ${OTHER}`)
  assert.match(await message(ONE, OTHER), 'package-1 had the SHA-256 missing')
  assert.match(await message(), 'and now missing')
})

test('only what moves on may be newer; nothing may be older', async () => {
  await recordLock('7.0', entry('7.0.12-1', ONE), false)
  await checkLock('7.0', entry('7.0.12-2', OTHER), true)
  const { message } = await refused('7.0', entry('7.0.12-2', OTHER), false)
  assert.match(message, 'it was version 7.0.12-1, and now is 7.0.12-2')
  assert.match((await refused('7.0', entry('7.0.11-1', OTHER), true)).message, 'it was version 7.0.12-1')
})

test('the lock file counts before the record, and is never written', async () => {
  pin({ 4.9: entry('4.9.320-2', ONE) })
  const text = readFileSync(process.env.HITLESS_LOCK!, 'utf8')
  await recordLock('4.9', entry('4.9.320-2', OTHER), false)
  await recordLock('6.1.0-56-cloud-amd64', entry('6.1.192-2', OTHER), false)
  assert.is(readFileSync(process.env.HITLESS_LOCK!, 'utf8'), text)
  assert.is(await lockedVersion('4.9'), '4.9.320-2')
  const { message, hint } = await refused('4.9', entry('4.9.320-2', OTHER), false)
  assert.match(message, 'its packages are not those that are pinned')
  assert.match(hint!, `remove "4.9" from ${process.env.HITLESS_LOCK}`)
})

test('says which file to remove where Debian is known to have changed the packages', async () => {
  await recordLock('4.9', entry('4.9.320-2', ONE), false)
  const { hint } = await refused('4.9', entry('4.9.320-2', OTHER), false)
  rmSync(/rm (\S+);/.exec(hint!)![1]!)
  await checkLock('4.9', entry('4.9.320-2', OTHER), false)
})

test('records at the same time lose nothing and leave no draft', async () => {
  const keys = Array.from({ length: 9 }, (_, i) => `6.1.0-${i}-cloud-amd64`)
  await Promise.all(keys.map((key) => recordLock(key, entry('6.1.192-2', ONE), false)))
  for (const key of keys) assert.is(await lockedVersion(key), '6.1.192-2')
  assert.equal(readdirSync(join(cacheRoot(), 'fetched')).sort(), keys.map((key) => `${key}.json`).sort())
})

const WRITER = `import { recordLock, recordNewest } from '${new URL('lock.ts', import.meta.url).href}'
const [, version, hash] = process.argv
const entry = { version, packages: { 'package-0': hash } }
await recordNewest('7', entry)
await recordLock('7.0.12', entry, true).catch(() => process.exit(3))`

/** Four runs at once, each of which fetched another version. Returns their exit statuses. */
const fourRuns = (versions: string[]) =>
  Promise.all(
    versions.map((version) => {
      const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', WRITER, version, ONE])
      return new Promise((resolve) => child.on('close', resolve))
    }),
  )

test('of four runs at once that fetched other versions under one name, the newest is what counts', async () => {
  const statuses = await fourRuns(['7.0.9-1', '7.0.12-1', '7.0.10-1', '7.0.11-1'])
  assert.is(await lockedVersion('7.0.12'), '7.0.12-1')
  assert.is(await lockedVersion('newest-7'), '7.0.12-1')
  assert.is(statuses[1], 0)
  for (const status of statuses) assert.ok(status === 0 || status === 3, 'an older one that came later is refused')
})

test('what another run has recorded since the check is not written over', async () => {
  await checkLock('7.0', entry('7.0.12-1', ONE), true)
  await recordLock('7.0', entry('7.0.12-2', OTHER), true)
  const error = await recordLock('7.0', entry('7.0.12-1', ONE), true).catch((error) => error)
  assert.instance(error, Distrusted)
  assert.is(await lockedVersion('7.0'), '7.0.12-2')
  await recordNewest('7', entry('7.0.12-2', OTHER))
  await recordNewest('7', entry('7.0.12-1', ONE))
  assert.is(await lockedVersion('newest-7'), '7.0.12-2')
})

test('steps that read and write come one after the other', async () => {
  const file = join(scratch, 'steps')
  let inside = 0
  const step = async () => {
    assert.is(++inside, 1)
    await new Promise((resolve) => setTimeout(resolve, 20))
    inside--
  }
  await Promise.all(Array.from({ length: 4 }, () => whileLocked(file, step)))
})

test("an older kernel than a series' newest is refused by Debian's order, with what accepts it", async () => {
  await recordNewest('7', entry('7.0~rc9-1', ONE))
  checkNewest('7', entry('7.0.9-1', OTHER))
  await recordNewest('7', entry('7.0.10-1', ONE))
  const older = () => checkNewest('7', entry('7.0.9-2', OTHER))
  try {
    older()
    assert.unreachable()
  } catch (error) {
    assert.instance(error, Fault)
    assert.match((error as Fault).message, "the mirror's newest version is 7.0.9-2, and was 7.0.10-1 before")
    rmSync(/^rm (\S+),/.exec((error as Fault).hint!)![1]!)
  }
  older()
})

test('a torn record counts for nothing', async () => {
  await recordLock('4.9', entry('4.9.320-2', ONE), false)
  truncateSync(join(cacheRoot(), 'fetched/4.9.json'), 20)
  await checkLock('4.9', entry('4.9.320-2', OTHER), false)
  await recordLock('4.9', entry('4.9.320-2', OTHER), false)
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
