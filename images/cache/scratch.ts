import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, closeSync, constants, existsSync, lstatSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { mkdir, readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../../lab/model/fault.ts'
import { cacheFolder, noCache } from './folders.ts'

// Folders for what has to be removed again. Each process has one of its own in the cache, and holds a lock on a file
// in it for as long as it lives: the kernel takes the lock away with the process, however that ends. A folder whose
// lock can be had is what a killed process has left. Names do not tell that, for anybody can choose one; nor do process
// ids, which begin anew in each container.

/**
 * Runs `use` with an empty folder inside the cache, removed afterwards whatever happens. What killed processes have
 * left is removed before the first.
 *
 * @param kind how the folder's name begins
 * @throws a Fault (exit 3) when the cache cannot be used
 */
export async function scratch<T>(kind: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = join(await ownFolder(), `${kind}-${randomBytes(4).toString('hex')}`)
  await mkdir(folder)
  try {
    return await use(folder)
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    throw FULL.includes(code) ? noCache(message) : error
  } finally {
    // What cannot be removed now spoils nothing: the next process tries again.
    await rm(folder, { recursive: true, force: true }).catch(() => {})
  }
}

/** The disk, the user's share of it, or one that cannot be written. */
const FULL = ['ENOSPC', 'EDQUOT', 'EROFS']

/** Where the folders of this user's processes are: others may share the cache. */
export const scratchRoot = () => join(cacheFolder(), `scratch-${process.getuid!()}`)

/** The folder of this process below each root. */
const folders = new Map<string, Promise<string>>()

function ownFolder(): Promise<string> {
  const root = scratchRoot()
  const known = folders.get(root)
  if (known) return known
  const made = makeOwn(root).catch((error) => {
    throw error instanceof Fault ? error : noCache((error as Error).message)
  })
  folders.set(root, made)
  return made
}

const LOCK = 'lock'

async function makeOwn(root: string): Promise<string> {
  makePrivate(root)
  await sweep(root)
  for (let attempt = 0; attempt < 9; attempt++) {
    // The process id is for people who look.
    const folder = join(root, `${process.pid}-${randomBytes(6).toString('hex')}`)
    mkdirSync(folder)
    // Until the lock is held, a sweep by another process may remove it again.
    const lock = openLock(folder, constants.O_CREAT | constants.O_EXCL)
    if (lock === null) continue
    if ((await takeLock(lock)) !== 'taken' && existsSync(join(folder, LOCK))) {
      removeOnExit(folder)
      return folder
    }
    closeSync(lock)
  }
  throw noCache(`no lock can be had in ${root}`)
}

/** Only this user can name anything in it, so that nothing there can be a trap. */
function makePrivate(root: string) {
  try {
    mkdirSync(root, { mode: 0o700 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const found = lstatSync(root)
  if (!found.isDirectory() || found.uid !== process.getuid!()) throw noCache(`${root} is not a folder of this user's`)
  if (found.mode & 0o077) chmodSync(root, 0o700)
}

/** Removes what processes that are gone have left. That it cannot be removed is no reason not to go on. */
async function sweep(root: string) {
  for (const name of await readdir(root)) await sweepOne(join(root, name)).catch(() => {})
}

async function sweepOne(folder: string) {
  const found = lstatSync(folder)
  if (!found.isDirectory() || found.uid !== process.getuid!()) return
  const lock = openLock(folder)
  // One that was killed before it had a lock has left nothing else.
  if (lock === null) return rmdir(folder)
  try {
    if ((await takeLock(lock)) !== 'held') return
    const others = (await readdir(folder)).filter((name) => name !== LOCK)
    for (const name of others) await rm(join(folder, name), { recursive: true, force: true })
    await rm(folder, { recursive: true })
  } finally {
    closeSync(lock)
  }
}

/** A descriptor of a folder's lock file, not through a link; null when there is none. */
function openLock(folder: string, flags = 0): number | null {
  try {
    return openSync(join(folder, LOCK), constants.O_RDWR | constants.O_NOFOLLOW | flags, 0o600)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/**
 * Takes the lock on an open file, if nobody has it. flock(1) puts it on the descriptor that it shares with this process,
 * where it stays.
 *
 * @returns `unknown` where the file system has no locks: nothing is swept there
 */
function takeLock(descriptor: number): Promise<'held' | 'taken' | 'unknown'> {
  const flock = spawn('flock', ['-x', '-n', '3'], { stdio: ['ignore', 'ignore', 'ignore', descriptor] })
  return new Promise((resolve, reject) => {
    flock.on('error', () => reject(noCache('flock, which locks what is in use there, is not on the PATH')))
    flock.on('close', (status) => {
      if (status === null) reject(new Error('flock was killed'))
      else resolve(status === 0 ? 'held' : status === 1 ? 'taken' : 'unknown')
    })
  })
}

const owned: string[] = []

function removeOnExit(folder: string) {
  if (!owned.length) process.on('exit', () => owned.forEach(removeNow))
  owned.push(folder)
}

function removeNow(folder: string) {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {
    // As above.
  }
}
