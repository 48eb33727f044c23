import { chmodSync, cpSync, existsSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cacheRoot, sha256 } from '../../images/cache/cache.ts'
import { lay, scratchWithCache } from '../../images/fixtures/files.ts'
import { located, named, PartMissing } from './parts.ts'

const { dir, end } = scratchWithCache('parts')
test.after(end)

let folders = 0
const newFolder = (files: Record<string, string> = { proxy: 'a program' }) => lay(join(dir, String(++folders)), files)

/** The name of one part, which is what cells have of it. */
const nameOf = async (path: string) => (await named({ proxy: { path } })).proxy.path
const find = async (name: string) => (await located({ proxy: { path: name } })).proxy.path

/** Why a part is not found. */
async function missing(name: string): Promise<string> {
  try {
    await find(name)
  } catch (error) {
    assert.instance(error, PartMissing)
    return (error as Error).message
  }
  throw new Error('it was found')
}

test('a file is named by its SHA-256 and found by it', async () => {
  const path = join(newFolder(), 'proxy')
  const name = await nameOf(path)
  assert.match(name, /^sha256:[0-9a-f]{64}$/)
  assert.is(await find(name), path)
  assert.is(await nameOf(join(newFolder(), 'proxy')), name, 'the same content elsewhere')
})

test('all parts of a cell, and nothing else of it', async () => {
  const folder = newFolder({ image: 'a kernel', proxy: 'a program', 'root/bin/busybox': 'b', 'sbin/init': 'i' })
  const cell = {
    kernel: { name: '6.1', image: join(folder, 'image'), modules: null },
    root: { userland: join(folder, 'root'), programs: join(folder, 'sbin') },
    proxy: { name: 'haproxy', path: join(folder, 'proxy') },
  }
  const byName = await named(cell)
  assert.is(byName.kernel.name, '6.1')
  assert.is(byName.kernel.modules, null)
  for (const part of [byName.kernel.image, ...Object.values(byName.root), byName.proxy.path])
    assert.match(part, /^sha256:/)
  assert.equal(await located(byName), cell)
  assert.equal(await named({ kernel: { image: null, modules: null } }), { kernel: { image: null, modules: null } })
})

test('a directory is named by the paths, modes, links and contents of its files', async () => {
  const tree = { 'bin/busybox': 'busybox', 'sbin/tc': 'tc' }
  const folder = newFolder(tree)
  symlinkSync('busybox', join(folder, 'bin/sh'))
  const name = await nameOf(folder)
  const copy = join(newFolder(), 'copy')
  cpSync(folder, copy, { recursive: true, verbatimSymlinks: true })
  assert.is(await nameOf(copy), name)
  const changes: ((folder: string) => void)[] = [
    (folder) => writeFileSync(join(folder, 'bin/busybox'), 'BUSYBOX'),
    (folder) => chmodSync(join(folder, 'sbin/tc'), 0o700),
    (folder) => rmSync(join(folder, 'bin/sh')),
    (folder) => writeFileSync(join(folder, 'sbin/ip'), ''),
    (folder) => {
      rmSync(join(folder, 'bin/sh'))
      symlinkSync('tc', join(folder, 'bin/sh'))
    },
  ]
  for (const change of changes) {
    const other = join(newFolder(), 'copy')
    cpSync(folder, other, { recursive: true, verbatimSymlinks: true })
    change(other)
    assert.is.not(await nameOf(other), name, String(change))
  }
})

test('a module that a directory links to counts by its content', async () => {
  const [one, other] = [newFolder({ 'plug.ko': 'plug' }), newFolder({ 'plug.ko': 'plug' })]
  const [links, same] = [newFolder({ order: '' }), newFolder({ order: '' })]
  symlinkSync(join(one, 'plug.ko'), join(links, 'plug.ko'))
  symlinkSync(join(other, 'plug.ko'), join(same, 'plug.ko'))
  const name = await nameOf(links)
  assert.is(await nameOf(same), name, 'wherever it lies')
  writeFileSync(join(other, 'plug.ko'), 'another plug')
  assert.match(await missing(name), `${same} has changed`)
})

test('what is gone or has changed is not found, and is called by its path', async () => {
  const folder = newFolder({ proxy: 'one', image: 'two', 'dir/file': 'three' })
  const [proxy, image, tree] = [join(folder, 'proxy'), join(folder, 'image'), join(folder, 'dir')]
  const names = { proxy: await nameOf(proxy), image: await nameOf(image), tree: await nameOf(tree) }
  writeFileSync(proxy, 'ONE')
  assert.is(await missing(names.proxy), `${proxy} has changed`)
  rmSync(image)
  assert.is(await missing(names.image), `${image} is gone`)
  writeFileSync(join(tree, 'file'), 'THREE')
  assert.is(await missing(names.tree), `${tree} has changed`)
  rmSync(tree, { recursive: true })
  assert.is(await missing(names.tree), `${tree} is gone`)
  assert.is.not(await nameOf(proxy), names.proxy, 'it is named anew')
})

test('what was only touched, or written again, is found', async () => {
  const path = join(newFolder(), 'proxy')
  const name = await nameOf(path)
  utimesSync(path, 1, 1)
  assert.is(await find(name), path)
  writeFileSync(path, readFileSync(path))
  assert.is(await find(name), path)
})

test('what was replaced is noticed, with the size and the time of before, too', async () => {
  const path = join(newFolder({ proxy: 'what it was' }), 'proxy')
  utimesSync(path, 1, 1)
  const name = await nameOf(path)
  writeFileSync(path, 'WHAT IT WAS')
  utimesSync(path, 1, 1)
  assert.is(await missing(name), `${path} has changed`)
  assert.is.not(await nameOf(path), name)
})

test('what this machine never had, and a path of an older run', async () => {
  assert.match(await missing(`sha256:${'0'.repeat(64)}`), /^the proxy \(sha256:0{12}\) is not in the cache \//)
  const path = join(newFolder(), 'proxy')
  assert.is(await find(path), path)
  rmSync(path)
  assert.is(await missing(path), `${path} is gone`)
})

test('a record that is cut or emptied is none', async () => {
  const path = join(newFolder({ proxy: 'recorded' }), 'proxy')
  const name = await nameOf(path)
  for (const file of [name.slice('sha256:'.length), `path-${sha256(path)}`]) {
    const record = join(cacheRoot(), 'parts', `${file}.json`)
    assert.ok(existsSync(record))
    writeFileSync(record, '{"path": "/')
  }
  assert.match(await missing(name), 'is not in the cache')
  assert.is(await nameOf(path), name)
  assert.is(await find(name), path)
})

test.run()
