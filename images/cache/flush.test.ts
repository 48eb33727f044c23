import { existsSync, readlinkSync } from 'node:fs'
import { type FileHandle, mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cached } from './cache.ts'

const before = process.env.XDG_CACHE_HOME
let dir: string

test.before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'flush-'))
  process.env.XDG_CACHE_HOME = dir
})
test.after(async () => {
  if (before === undefined) delete process.env.XDG_CACHE_HOME
  else process.env.XDG_CACHE_HOME = before
  await rm(dir, { recursive: true })
})

/** What is flushed while something is done: the paths, in their order. */
async function flushedBy(doing: () => Promise<unknown>): Promise<string[]> {
  const some = await open(dir)
  const handles = Object.getPrototypeOf(some) as FileHandle
  await some.close()
  const { sync } = handles
  const flushed: string[] = []
  handles.sync = function () {
    flushed.push(readlinkSync(`/proc/self/fd/${this.fd}`))
    return sync.call(this)
  }
  await doing().finally(() => {
    handles.sync = sync
  })
  return flushed
}

test('all of an entry is flushed before it gets its name, and then the name', async () => {
  let entry = ''
  let made = ''
  const flushed = await flushedBy(async () => {
    entry = await cached('tests', 'entry', ['a key'], async (folder) => {
      made = folder
      await mkdir(join(folder, 'below'))
      await writeFile(join(folder, 'below', 'file'), 'content')
    })
  })
  assert.ok(existsSync(join(entry, 'below', 'file')))
  const inside = flushed.filter((path) => path.startsWith(made)).map((path) => relative(made, path))
  assert.equal(inside.sort().slice(0, 3), ['', 'below', 'below/file'])
  // By the name that it had before, so before it had another.
  assert.not.equal(made, entry)
  assert.is(flushed.at(-1), dirname(dirname(entry)))
})

test.run()
