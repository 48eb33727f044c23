import { spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EXIT, Fault } from '../../lab/model/fault.ts'
import { lay, scratchWithCache } from '../fixtures/files.ts'
import { outside, scratch, scratchRoot } from './scratch.ts'

const { dir, end } = scratchWithCache('scratch')
test.after(end)
let caches = 0
test.before.each(() => {
  process.env.XDG_CACHE_HOME = join(dir, String(++caches), 'cache')
})

const MODULE = new URL('scratch.ts', import.meta.url).href

/** Starts a process that holds a folder, `folder`: in the cache, or outside of it. */
async function holder(begin = "scratch('held', ") {
  const script = `import { outside, scratch } from '${MODULE}'
    await ${begin}(dir) => { console.log(dir); return new Promise(() => setInterval(() => {}, 1000)) })`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const folder = await new Promise<string>((resolve) => child.stdout.on('data', (text) => resolve(String(text).trim())))
  const ended = new Promise((resolve) => child.on('close', resolve))
  return {
    folder,
    kill: (signal: NodeJS.Signals) => {
      child.kill(signal)
      return ended
    },
  }
}

async function refused(): Promise<Fault> {
  const error = await scratch('test', async () => {}).catch((error) => error)
  assert.instance(error, Fault)
  assert.is(error.exit, EXIT.notReady)
  assert.match(error.message, `the cache ${process.env.XDG_CACHE_HOME}/hitless cannot be used: `)
  assert.match(error.hint!, 'XDG_CACHE_HOME=')
  return error
}

test('gives a folder inside the cache, for this user alone, and removes it after success and failure', async () => {
  let seen = ''
  const use = async (folder: string) => {
    seen = lay(folder, { 'a/b': 'c' })
    return 'result'
  }
  assert.is(await scratch('test', use), 'result')
  assert.ok(seen.startsWith(join(process.env.XDG_CACHE_HOME!, 'hitless/')))
  assert.is(statSync(scratchRoot()).mode & 0o777, 0o700)
  assert.not(existsSync(seen))
  const failed = scratch('test', async (folder) => {
    await use(folder)
    throw new Error('on purpose')
  })
  assert.match((await failed.catch((error) => error)).message, 'on purpose')
  assert.not(existsSync(seen))
})

test('a full disk is reported with what to do', async () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  const error = await scratch('test', () => Promise.reject(full)).catch((error) => error)
  assert.instance(error, Fault)
  assert.match(error.message, 'cannot be used: ENOSPC: no space left on device')
})

test('the folder of a killed process is removed, that of a living one is not', async () => {
  const [killed, living] = await Promise.all([holder(), holder()])
  lay(killed.folder, { 'rootfs/etc/file': 'left behind' })
  await killed.kill('SIGKILL')
  assert.ok(existsSync(killed.folder))
  try {
    await scratch('test', async () => {
      assert.not(existsSync(dirname(killed.folder)))
      assert.ok(existsSync(living.folder))
    })
  } finally {
    await living.kill('SIGKILL')
  }
})

test('a process leaves nothing when it ends', async () => {
  const script = `import { scratch } from '${MODULE}'
    await scratch('test', async () => {})`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script])
  await new Promise((resolve) => child.on('close', resolve))
  assert.equal(readdirSync(scratchRoot()), [])
})

/** Runs a test with a shared temporary directory of its own. */
async function withTmp(use: () => Promise<void>) {
  const before = process.env.TMPDIR
  process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'shared-'))
  try {
    await use()
  } finally {
    rmSync(tmpdir(), { recursive: true })
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
}

test('nothing in the shared temporary directory is removed, whatever its name', () =>
  withTmp(async () => {
    const theirs = lay(join(tmpdir(), 'hitless-4000000-precious'), { file: 'precious' })
    await scratch('test', async () => {})
    assert.ok(existsSync(join(theirs, 'file')))
  }))

test('of what is outside of the cache only that of ended processes is removed, through no link', () =>
  withTmp(async () => {
    const [killed, living] = await Promise.all([holder('outside('), holder('outside(')])
    await killed.kill('SIGKILL')
    assert.ok(existsSync(killed.folder))
    const precious = lay(join(dir, 'precious'), { file: 'precious', lock: '' })
    symlinkSync(precious, join(tmpdir(), 'hitless-tmp-link'))
    const unlocked = lay(join(tmpdir(), 'hitless-tmp-full'), { file: 'precious' })
    let seen = ''
    await outside(async (folder) => {
      seen = lay(folder, { 'a/b': 'c' })
      assert.is(statSync(dirname(folder)).mode & 0o777, 0o700)
      assert.not(existsSync(dirname(killed.folder)))
      assert.ok(existsSync(living.folder))
    })
    assert.not(existsSync(dirname(seen)))
    for (const kept of [precious, unlocked]) assert.ok(existsSync(join(kept, 'file')))
    await living.kill('SIGKILL')
  }))

test('a shared temporary directory in which nothing can be made', () =>
  withTmp(async () => {
    const there = process.env.TMPDIR
    process.env.TMPDIR = join(there!, 'none')
    const error = await outside(async () => {}).catch((error) => error)
    process.env.TMPDIR = there
    assert.instance(error, Fault)
    assert.match(error.message, /^nothing can be made in .*\/none: ENOENT/)
  }))

test('folders that no process of the lab left stay, links are not followed, and none of them fails a run', async () => {
  const outside = lay(join(dir, 'outside'), { lock: '', file: 'precious' })
  mkdirSync(scratchRoot(), { mode: 0o700 })
  symlinkSync(outside, join(scratchRoot(), '4000000-link'))
  mkdirSync(join(scratchRoot(), '4000000-linked-lock'))
  symlinkSync(join(outside, 'lock'), join(scratchRoot(), '4000000-linked-lock/lock'))
  mkdirSync(join(scratchRoot(), '4000000-odd/lock'), { recursive: true })
  lay(scratchRoot(), { file: '', '4000000-unlocked/file': 'precious' })
  const inside = lay(join(scratchRoot(), '4000000-left'), { lock: '' })
  symlinkSync(outside, join(inside, 'link'))
  await scratch('test', async () => {})
  assert.ok(existsSync(join(outside, 'file')))
  assert.not(existsSync(inside), 'a folder that nobody holds goes, a link in it as a link')
  const left = ['4000000-link', '4000000-linked-lock', '4000000-odd', '4000000-unlocked', 'file']
  assert.equal(
    readdirSync(scratchRoot())
      .filter((name) => !name.startsWith(`${process.pid}-`))
      .sort(),
    left,
  )
})

const NOBODY = 65534
if (process.getuid!() === 0)
  test("another user's folder stays, even as root", async () => {
    mkdirSync(scratchRoot(), { mode: 0o700 })
    const theirs = lay(join(scratchRoot(), '4000000-theirs'), { lock: '', file: 'precious' })
    chownSync(theirs, NOBODY, NOBODY)
    await scratch('test', async () => {})
    assert.ok(existsSync(join(theirs, 'file')))
  })
else test.skip("another user's folder stays, even as root: not root", () => {})

test("a root that others may write to is made private; a link or another user's folder is refused", async () => {
  mkdirSync(scratchRoot())
  chmodSync(scratchRoot(), 0o777)
  await scratch('test', async () => {})
  assert.is(statSync(scratchRoot()).mode & 0o777, 0o700)
  process.env.XDG_CACHE_HOME = join(dir, 'linked')
  symlinkSync(mkdtempSync(join(dir, 'target-')), scratchRoot())
  assert.match((await refused()).message, 'is not a folder of this user')
  if (process.getuid!() !== 0) return
  process.env.XDG_CACHE_HOME = join(dir, 'theirs')
  mkdirSync(scratchRoot())
  chownSync(scratchRoot(), NOBODY, NOBODY)
  assert.match((await refused()).message, 'is not a folder of this user')
})

test('a cache that cannot be made is refused at once: in /proc, and below a file', async () => {
  process.env.XDG_CACHE_HOME = '/proc/nope'
  assert.match((await refused()).message, 'ENOENT')
  process.env.XDG_CACHE_HOME = join(lay(join(dir, 'with-file'), { file: '' }), 'file')
  assert.match((await refused()).message, 'ENOTDIR')
})

test.run()
