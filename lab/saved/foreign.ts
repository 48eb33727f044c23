import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { usage } from '../model/fault.ts'

/** Bytes of a file of a run beside its events. */
const MOST = 256 * 1024 * 1024

/**
 * Opens a file of a saved run, which may be a stranger's: a regular one, so that nothing is waited for, and not through a
 * link, so that it is none of this user's.
 *
 * @returns its descriptor
 * @throws a Fault (exit 2) that says what else it is
 */
export function openSaved(file: string, most = Number.POSITIVE_INFINITY): number {
  const descriptor = opened(file)
  const found = fstatSync(descriptor)
  const wrong = found.isFile() ? found.size > most && `has ${found.size} bytes; expected ${most} at most` : NO_FILE
  if (!wrong) return descriptor
  closeSync(descriptor)
  throw usage(`${file} ${wrong}`)
}

const NO_FILE = 'is no regular file, as those of a run are'

function opened(file: string): number {
  try {
    // A FIFO is not waited for so.
    return openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw usage(code === 'ELOOP' || code === 'ENXIO' ? `${file} ${NO_FILE}` : `${file} cannot be read: ${message}`)
  }
}

/** The text of a file of a saved run, which may be a stranger's. @throws as {@link openSaved} does */
export function readSaved(file: string): string {
  const descriptor = openSaved(file, MOST)
  try {
    return readFileSync(descriptor, 'utf8')
  } finally {
    closeSync(descriptor)
  }
}
