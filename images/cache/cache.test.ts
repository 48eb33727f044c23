import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
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
  'without its list': (found: string) => rmSync(join(dirname(found), 'sizes.json')),
  'with a file where a folder was': (found: string) => {
    rmSync(join(found, 'sub'), { recursive: true })
    writeFileSync(join(found, 'sub'), '')
  },
  'with a torn list': (found: string) => truncateSync(join(dirname(found), 'sizes.json'), 5),
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
