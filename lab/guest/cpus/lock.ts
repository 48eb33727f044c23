import { closeSync, constants, fchmodSync, fstatSync, ftruncateSync, lstatSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { holderIn, isStill, nameHolder, takeLock } from '../../../images/cache/lock.ts'
import { type Fault, notReady } from '../../model/fault.ts'

// Labs of one machine agree by locks (flock(2)) on files of one folder, a file a CPU. The kernel drops a lock with its
// process, however that ends. A file stays, as removing one that another process has just opened would make two of it.

/**
 * Where all labs of a machine look. Not the cache and not TMPDIR, which are different ones for each user; not /run/lock,
 * where on some distributions only root may write. A container has a /tmp of its own: HITLESS_CPUS names another folder,
 * such as one of a volume that all of them share.
 */
const EVERYBODYS = '/tmp/hitless-cpus'

/**
 * The folder with the locks, made where it is missing, so that any user can add to it and nobody removes what is not theirs.
 * Another user may have made it, and can then remove the files in it: two labs may so come to have a CPU at once, and no
 * worse.
 *
 * @throws a Fault (exit 3) where it cannot be used
 */
export function lockFolder(environment = process.env): string {
  const folder = environment.HITLESS_CPUS || EVERYBODYS
  try {
    if (make(folder)) openToAll(folder)
    if (!lstatSync(folder).isDirectory()) throw new Error(`it is no folder${ofWhom(folder)}`)
  } catch (error) {
    throw noLocks(folder, (error as Error).message)
  }
  return folder
}

/** Whether it was missing. */
function make(folder: string): boolean {
  try {
    mkdirSync(folder)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Not by its path: where others may write, a link may stand there by now. */
function openToAll(folder: string): void {
  const descriptor = openSync(folder, constants.O_DIRECTORY | constants.O_NOFOLLOW)
  try {
    fchmodSync(descriptor, 0o1777)
  } finally {
    closeSync(descriptor)
  }
}

const noLocks = (folder: string, why: string): Fault =>
  notReady(
    `the folder where the labs of this machine agree who has which CPUs, ${folder}, cannot be used: ${why}`,
    'HITLESS_CPUS=/a/folder/that/all/of/them/share, and the same again',
  )

/** Says whose something is that is another user's. */
function ofWhom(path: string): string {
  const found = lstatSync(path, { throwIfNoEntry: false })
  return found && found.uid !== process.geteuid!() ? `; it is user ${found.uid}'s` : ''
}

/** A lock that this process has. */
export interface Lock {
  release: () => void
}

/**
 * Takes a lock, unless somebody has it; then it says who. Another lock of this same process is somebody, too.
 *
 * @param of a CPU, or the line of those who wait for some
 * @throws a Fault (exit 3) where the folder knows no locks
 */
export async function tryLock(folder: string, of: number | 'line'): Promise<Lock | { holder: string }> {
  const path = join(folder, typeof of === 'number' ? `cpu-${of}` : of)
  for (let looks = 1; ; looks++) {
    const descriptor = open(folder, path)
    const answer = await takeLock(descriptor).catch((error) => {
      closeSync(descriptor)
      throw error
    })
    if (answer === 'held' && isStill(path, descriptor)) return held(descriptor)
    closeSync(descriptor)
    if (answer === 'taken') {
      const holder = holderIn(path)
      if (holder || looks >= LOOKS) return { holder: holder ?? 'another lab' }
      await pause(SHORTLY)
    }
    if (answer === 'unknown') throw noLocks(folder, 'its file system knows no locks')
    // What cleans /tmp has removed the file meanwhile.
  }
}

/**
 * Opens a file of any user's: not through a link, and never waiting for the other end of a pipe.
 *
 * @throws a Fault (exit 3) that says whose it is
 */
function open(folder: string, path: string): number {
  const flags = constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK
  for (;;) {
    try {
      // Not both at once: where everybody may write, Linux lets nobody create a file that is there and another user's.
      return onlyFile(openSync(path, flags), path)
    } catch (error) {
      if (!isCode(error, 'ENOENT')) throw noLocks(folder, `${(error as Error).message}${ofWhom(path)}`)
    }
    try {
      const descriptor = openSync(path, flags | constants.O_CREAT | constants.O_EXCL)
      fchmodSync(descriptor, 0o666)
      return descriptor
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw noLocks(folder, `${(error as Error).message}${ofWhom(folder)}`)
    }
  }
}

const isCode = (error: unknown, code: string) => (error as NodeJS.ErrnoException).code === code

/** Who has the lock writes its name into the file: it must be one that is nothing else, by no other name either. */
function onlyFile(descriptor: number, path: string): number {
  const found = fstatSync(descriptor)
  if (found.isFile() && found.nlink <= 1) return descriptor
  closeSync(descriptor)
  throw new Error(`${path} is ${found.isFile() ? 'a file that has another name, too' : 'no file'}`)
}

/** It says in its file who has it. */
function held(descriptor: number): Lock {
  nameHolder(descriptor)
  return {
    release: () => {
      ftruncateSync(descriptor)
      closeSync(descriptor)
    },
  }
}

/** Who takes or releases a lock is not in its file for a moment: so often, and each so many milliseconds later, it is tried. */
const [LOOKS, SHORTLY] = [5, 10]
