import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fileSha256 } from '../../cache/cache.ts'
import { bzImage, elf, ikconfig } from '../../fixtures/kernel.ts'
import { Changed } from '../kernel.ts'
import { embeddedConfig, extractedConfig } from './ikconfig.ts'

const CONFIG = '# Linux/x86 6.1.192 Kernel Configuration\nCONFIG_SMP=y\n'
const carrying = (...parts: Buffer[]) => Buffer.concat([elf(), ...parts, Buffer.from('more code')])
const cache = process.env.XDG_CACHE_HOME
let dir: string

test.before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ikconfig-'))
  process.env.XDG_CACHE_HOME = join(dir, 'cache')
})

test.after(async () => {
  if (cache === undefined) delete process.env.XDG_CACHE_HOME
  else process.env.XDG_CACHE_HOME = cache
  await rm(dir, { recursive: true })
})

/** Writes an image, and returns what is asked of its configuration, with what was noted. */
async function extract(image: Buffer) {
  const notes: string[] = []
  const path = join(dir, 'bzImage')
  await writeFile(path, image)
  const config = await extractedConfig({ name: '6.1.0', sha256: await fileSha256(path), image: path }, (line) => {
    notes.push(line)
  })
  return { config, notes }
}

// A few kilobytes of them would take all memory.
test('a configuration that unpacks to more than any has is refused', async () => {
  const bomb = carrying(ikconfig('#'.repeat(17 * 1024 * 1024)))
  assert.ok(bomb.length < 100_000)
  const error = await embeddedConfig(bomb).catch((error) => error)
  assert.instance(error, RangeError)
})

test('finds the configuration between its marks', async () => {
  assert.is(await embeddedConfig(carrying(ikconfig(CONFIG))), CONFIG)
})

test('a kernel without one has none', async () => {
  assert.is(await embeddedConfig(carrying()), null)
  assert.is(await embeddedConfig(carrying(Buffer.from('IKCFG_ST but no archive IKCFG_ED'))), null)
  assert.is(await embeddedConfig(carrying(ikconfig(CONFIG).subarray(0, -8))), null)
})

test('extracts it from an image into the cache', async () => {
  const { config, notes } = await extract(bzImage(gzipSync(carrying(ikconfig(CONFIG)))))
  assert.is(await readFile(config!, 'utf8'), CONFIG)
  assert.equal(notes, [])
})

test('an image without one has none, and nothing is noted', async () => {
  assert.equal(await extract(bzImage(gzipSync(carrying()))), { config: null, notes: [] })
})

test('says why a configuration stays unknown', async () => {
  const { config, notes } = await extract(bzImage(Buffer.from('not packed at all')))
  assert.is(config, null)
  assert.match(notes[0]!, "6.1.0: its configuration stays unknown: the kernel's payload is not an ELF")
})

test('a damaged configuration is an error', async () => {
  const damaged = ikconfig(CONFIG)
  damaged.fill(0, 20, 30)
  const { config, notes } = await extract(bzImage(gzipSync(carrying(damaged))))
  assert.is(config, null)
  assert.is(notes.length, 1)
})

test('an image that was built again since its hash was taken is not taken for the one before', async () => {
  const path = join(dir, 'bzImage')
  await writeFile(path, bzImage(gzipSync(carrying(ikconfig(CONFIG)))))
  const facts = { name: '6.1.0', sha256: '0'.repeat(64), image: path }
  const error = await extractedConfig(facts, () => {}).catch((error) => error)
  assert.instance(error, Changed)
})

test.run()
