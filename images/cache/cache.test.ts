import {
  cpSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { lay, scratchWithCache } from '../fixtures/files.ts'
import { cached, cacheRoot, isWhole, saveWhole } from './cache.ts'

const { dir, end } = scratchWithCache('cache')
test.after(end)
let caches = 0
let builds = 0
test.before.each(() => {
  process.env.XDG_CACHE_HOME = join(dir, String(++caches))
  builds = 0
})

const entry = (key = 'key') =>
  cached('kind', 'name', [key], async (dir) => {
    builds++
    lay(dir, { one: `${key} 1`, 'sub/two': `${key} 2`, empty: '' })
    utimesSync(join(dir, 'one'), 1, 1)
  })
const entries = () => readdirSync(join(cacheRoot(), 'kind'))

test('is built once for a key', async () => {
  const found = await entry()
  assert.is(await entry(), found)
  assert.is(builds, 1)
  assert.equal(readdirSync(found).sort(), ['empty', 'one', 'sub'])
  assert.is.not(await entry('other'), found)
})

for (const [what, tear] of Object.entries({
  'cut short': (found: string) => truncateSync(join(found, 'sub/two'), 3),
  empty: (found: string) => truncateSync(join(found, 'one')),
  missing: (found: string) => rmSync(join(found, 'one')),
  'without its list': (found: string) => rmSync(join(dirname(found), 'seal.json')),
  'with other content of the same size, and the times from before': (found: string) => {
    writeFileSync(join(found, 'one'), 'KEY 1')
    utimesSync(join(found, 'one'), 1, 1)
  },
  'with another file in the place of one': (found: string) => {
    const other = join(dir, 'other')
    writeFileSync(other, 'KEY 1')
    renameSync(other, join(found, 'one'))
  },
  'with a link in the place of a file': (found: string) => {
    renameSync(join(found, 'one'), join(dir, 'one'))
    symlinkSync(join(dir, 'one'), join(found, 'one'))
  },
  'with a file where the entry was': (found: string) => {
    rmSync(dirname(found), { recursive: true })
    writeFileSync(dirname(found), '')
  },
  'with a file where a folder was': (found: string) => {
    rmSync(join(found, 'sub'), { recursive: true })
    writeFileSync(join(found, 'sub'), '')
  },
  'with a torn list': (found: string) => truncateSync(join(dirname(found), 'seal.json'), 5),
}))
  test(`a torn entry is built again: ${what}`, async () => {
    tear(await entry())
    const found = await entry()
    assert.is(builds, 2)
    assert.is(readFileSync(join(found, 'one'), 'utf8'), 'key 1')
    assert.is(readFileSync(join(found, 'sub/two'), 'utf8'), 'key 2')
    assert.ok(isWhole(found))
    assert.is(entries().length, 1)
  })

test('an entry that was copied, or only touched, is the same: it is read once, and not built', async () => {
  const found = await entry()
  const [seal, copy] = [join(dirname(found), 'seal.json'), join(dir, 'copy')]
  const before = readFileSync(seal, 'utf8')
  cpSync(dirname(found), copy, { recursive: true })
  rmSync(dirname(found), { recursive: true })
  renameSync(copy, dirname(found))
  assert.is(await entry(), found)
  assert.is(builds, 1)
  const renewed = readFileSync(seal, 'utf8')
  assert.is.not(renewed, before)
  assert.is(await entry(), found)
  assert.is(readFileSync(seal, 'utf8'), renewed)
  assert.equal(readdirSync(dirname(found)).sort(), ['files', 'seal.json'])
})

test('several builds at once end in one whole entry and leave nothing else, torn before or not', async () => {
  for (let round = 0; round < 9; round++) {
    const [first, ...others] = await Promise.all(Array.from({ length: 5 }, () => entry()))
    for (const found of others) assert.is(found, first)
    assert.ok(isWhole(first!))
    assert.is(entries().length, 1, `round ${round}`)
    truncateSync(join(first!, 'one'))
  }
})

test('a build that fails leaves nothing', async () => {
  const failing = cached('kind', 'name', [], async (dir) => {
    lay(dir, { one: '1' })
    throw new Error('on purpose')
  })
  assert.match((await failing.catch((error) => error)).message, 'on purpose')
  assert.equal(entries(), [])
})

test('a saved file replaces the one before', async () => {
  const path = join(await entry(), 'saved')
  writeFileSync(path, 'before, and longer')
  await saveWhole(path, 'after')
  assert.is(readFileSync(path, 'utf8'), 'after')
})

test.run()
