import { spawn } from 'node:child_process'
import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, statSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { noCache } from './folders.ts'

// Locks on files (flock(2)), which the kernel drops with their process, however that ends, and the name of who has one.

/**
 * Takes the lock on an open file, unless another process has it. flock(1) locks the descriptor, which it shares with
 * this process, so the lock outlives flock; node itself cannot lock files.
 *
 * @returns `unknown` where the file system has no locks: nothing is swept there
 */
export function takeLock(descriptor: number): Promise<'held' | 'taken' | 'unknown'> {
  const flock = spawn('flock', ['-x', '-n', '3'], { stdio: ['ignore', 'ignore', 'ignore', descriptor] })
  return new Promise((resolve, reject) => {
    flock.on('error', () => reject(noCache('flock, which locks what is in use there, is not on the PATH')))
    flock.on('close', (status) => {
      if (status === null) reject(new Error('flock was killed'))
      else resolve(status === 0 ? 'held' : status === 1 ? 'taken' : 'unknown')
    })
  })
}

/** Whether a file is still the one that was opened to be locked: whoever had it may have removed it meanwhile. */
export const isStill = (file: string, descriptor: number): boolean =>
  statSync(file, { throwIfNoEntry: false })?.ino === fstatSync(descriptor).ino

/** Whether this host has flock(1), without which no lock can be taken. */
export function hasFlock(): Promise<boolean> {
  const flock = spawn('flock', ['--version'], { stdio: 'ignore' })
  return new Promise((resolve) => {
    flock.on('error', () => resolve(false))
    flock.on('spawn', () => resolve(true))
  })
}

const HOME = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Says in a locked file that this process has it, for {@link holderIn}. In a container the number of a process says nothing
 * elsewhere, but the name of the host is the container's. A lock holds without a name, too: it may be on a disk that is full.
 */
export function nameHolder(descriptor: number): void {
  const [, program = '', ...words] = process.argv
  const command = [relative(HOME, program), ...words].join(' ')
  try {
    ftruncateSync(descriptor)
    writeSync(descriptor, `process ${process.pid} on ${hostname()} (${command})\n`, 0)
  } catch {}
}

/** More than these characters of a command line tell no more. */
const LONGEST = 160

/**
 * Who has a lock, as its file says: `process 12 on host (lab/run.ts --kernel 6.1)`. Any user may have written that, or have
 * made the file something else meanwhile: a pipe would never end, and a link leads anywhere.
 *
 * @returns null where nobody is named: it has just been taken, or is just released
 */
export function holderIn(file: string): string | null {
  try {
    const text = beginning(file)
      .trim()
      .replaceAll(/[^ -~]/g, '?')
    return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text || null
  } catch {
    return null
  }
}

/** The first bytes of a file, however long it is. */
function beginning(path: string): string {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    if (!fstatSync(descriptor).isFile()) return ''
    const bytes = Buffer.alloc(2 * LONGEST)
    return bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, bytes.length, 0))
  } finally {
    closeSync(descriptor)
  }
}
