import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
} from 'node:fs'
import { mkdir, readdir, rm, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Fault, notReady } from '../../lab/model/fault.ts'
import { cacheFault, cacheFolder, noCache } from './folders.ts'
import { takeLock } from './lock.ts'

// Folders for temporary files: builds, downloads, and the guests' disks. Each process has a folder of its own in the
// cache and holds a lock on a file in it. The kernel drops the lock with the process, however that ends, so a folder
// whose lock is free was left by a killed process. Names cannot tell that, since anybody can choose one, nor can process
// ids, which begin anew in each container. Libraries for temporary folders remove them at exit only, and libraries for
// locks go by a file's age.

/**
 * Runs `use` with an empty folder inside the cache and removes it afterwards, whatever happens. The first call also
 * removes what killed processes left.
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
    throw cacheFault(error as NodeJS.ErrnoException)
  } finally {
    // A folder that cannot be removed does no harm: the next process tries again.
    await rm(folder, { recursive: true, force: true }).catch(() => {})
  }
}

/** What is in TMPDIR begins so, and with nothing else that the lab has there. */
const OUTSIDE = 'hitless-tmp-'

/**
 * The same for what cannot be in the cache, as where another user has to come by, or a path must be plain: in TMPDIR, by
 * a name that cannot be foreseen. Nobody but this user can look inside, unless `use` changes that.
 *
 * @throws a Fault (exit 3) when nothing can be made in TMPDIR
 */
export async function outside<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const { folder, lock } = await madeOutside().catch((error) => {
    throw notReady(`nothing can be made in ${tmpdir()}: ${(error as Error).message}`, 'TMPDIR=/tmp')
  })
  removeOnExit(folder)
  try {
    const inside = join(folder, 'files')
    await mkdir(inside, { mode: 0o700 })
    return await use(inside)
  } finally {
    await rm(folder, { recursive: true, force: true }).catch(() => {})
    closeSync(lock)
  }
}

async function madeOutside() {
  await sweep(tmpdir(), OUTSIDE)
  return locked(() => mkdtempSync(join(tmpdir(), OUTSIDE)))
}

/** The folder of this user's processes: other users may share the cache. */
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
  const { folder } = await locked(() => {
    // The process id is for people.
    const folder = join(root, `${process.pid}-${randomBytes(6).toString('hex')}`)
    mkdirSync(folder)
    return folder
  })
  removeOnExit(folder)
  return folder
}

/** A new folder whose lock this process holds. @throws a Fault (exit 3) where none can be had */
async function locked(make: () => string): Promise<{ folder: string; lock: number }> {
  for (let attempt = 0; attempt < 9; attempt++) {
    const folder = make()
    // Until this process holds the lock, another may sweep the folder away.
    const lock = openLock(folder, constants.O_CREAT | constants.O_EXCL)
    if (lock === null) continue
    if ((await takeLock(lock)) !== 'taken' && existsSync(join(folder, LOCK))) return { folder, lock }
    closeSync(lock)
  }
  throw noCache('no lock could be taken on a folder for temporary files')
}

/** Makes a folder to which only this user can add, so that nothing in it can be a trap. */
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

/** Removes what ended processes left, as far as that is possible. */
async function sweep(root: string, prefix = '') {
  for (const name of await readdir(root)) if (name.startsWith(prefix)) await sweepOne(join(root, name)).catch(() => {})
}

async function sweepOne(folder: string) {
  const found = lstatSync(folder)
  if (!found.isDirectory() || found.uid !== process.getuid!()) return
  const lock = openLock(folder)
  // A process killed before it had a lock left nothing else.
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

const owned: string[] = []

function removeOnExit(folder: string) {
  if (!owned.length) process.on('exit', () => owned.forEach(removeNow))
  owned.push(folder)
}

function removeNow(folder: string) {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {
    // The next process tries again.
  }
}
