import {
  chmodSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { RootParts } from '../model/cell.ts'
import { packParts } from './pack.ts'
import { located, named, PartMissing } from './parts.ts'

// Parts that travel together: another machine has another cache, and the folder.

const dir = mkdtempSync(join(tmpdir(), 'hitless-pack-'))
const before = { cache: process.env.XDG_CACHE_HOME, parts: process.env.HITLESS_PARTS }
let machines = 0

/** From now on this process is on a machine with an empty cache. */
function machine(packed?: string) {
  process.env.XDG_CACHE_HOME = join(dir, `cache-${++machines}`)
  if (packed) process.env.HITLESS_PARTS = packed
  else delete process.env.HITLESS_PARTS
}

test.after(() => {
  for (const [name, value] of [
    ['XDG_CACHE_HOME', before.cache],
    ['HITLESS_PARTS', before.parts],
  ] as const)
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  rmSync(dir, { recursive: true, force: true })
})

/** A folder with a program, a link to it, and one that leads out of the folder. */
async function madeHere(): Promise<{ root: RootParts }> {
  machine()
  const [userland, programs] = ['userland', 'programs'].map((name) => join(dir, `made-${machines}`, name)) as [
    string,
    string,
  ]
  for (const folder of [userland, programs]) mkdirSync(join(folder, 'bin'), { recursive: true })
  writeFileSync(join(userland, 'bin/tool'), 'a tool')
  chmodSync(join(userland, 'bin/tool'), 0o755)
  symlinkSync('tool', join(userland, 'bin/alias'))
  writeFileSync(join(dir, 'elsewhere'), 'a module')
  symlinkSync(join(dir, 'elsewhere'), join(userland, 'module'))
  writeFileSync(join(programs, 'load'), 'a generator')
  return named({ root: { userland, programs } })
}

test('packed parts are found on a machine that has nothing else, and are not read again', async () => {
  const { root } = await madeHere()
  const packed = join(dir, `packed-${machines}`)
  await packParts(Object.values(root), packed)
  rmSync(join(dir, 'elsewhere'))
  asAnImageHasThem(packed)
  machine(packed)
  const { root: there } = await located({ root })
  assert.ok(there.userland.startsWith(packed))
  assert.is(statSync(join(there.userland, 'bin/alias')).mode & 0o777, 0o755)
  assert.is(statSync(join(there.userland, 'module')).size, 'a module'.length)
  const remembered = join(process.env.XDG_CACHE_HOME!, 'hitless/parts')
  assert.equal(readdirSync(remembered), [], 'their times are those that came with them')
})

/** Layers of images keep times in whole seconds. */
function asAnImageHasThem(folder: string) {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const file = join(entry.parentPath, entry.name)
    const seconds = Math.floor(lstatSync(file).mtimeMs / 1000)
    lutimesSync(file, seconds, seconds)
  }
}

test('without the folder they are missing, and one that was changed on the way is not taken', async () => {
  const { root } = await madeHere()
  const packed = join(dir, `packed-${machines}`)
  await packParts(Object.values(root), packed)
  machine()
  await refused(root, 'is not in the cache')
  machine(packed)
  const { root: there } = await located({ root })
  writeFileSync(join(there.programs, 'load'), 'a worse generator')
  await refused(root, 'has changed')
})

async function refused(root: RootParts, why: string) {
  try {
    await located({ root })
    assert.unreachable()
  } catch (error) {
    assert.instance(error, PartMissing)
    assert.match((error as Error).message, why)
  }
}

test.run()
