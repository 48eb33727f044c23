import { open, readFile, readlink, realpath } from 'node:fs/promises'
import { relative } from 'node:path'
import { staysBelow } from './folders.ts'

/** open(2) for looking alone: a device is not touched, and a FIFO is not waited for. Node.js does not name it. */
const O_PATH = 0o10000000

/** What a stranger's file cannot be: the lab does not read it. */
export class Unfit extends Error {
  override name = 'Unfit'
}

/**
 * Reads a file that somebody else may have made, and may exchange at any moment. Looked at and read is one and the same
 * file: a regular one, so that nothing is waited for or set off, and no larger than it may be.
 *
 * @param most bytes
 * @param below a folder: no link leads out of it, so that nobody gets at what only this user may read
 * @throws Unfit with what is wrong ("is a link that leads out of /a/folder"); the error of open(2) or read(2)
 */
export async function readForeign(path: string, most: number, below?: string): Promise<Buffer> {
  const handle = await open(path, O_PATH)
  try {
    const found = await handle.stat()
    if (!found.isFile()) throw new Unfit('is no regular file')
    if (found.size > most) throw new Unfit(`has ${found.size} bytes; expected ${most} at most`)
    const opened = `/proc/self/fd/${handle.fd}`
    if (below !== undefined && !staysBelow(relative(await realpath(below), await readlink(opened))))
      throw new Unfit(`is a link that leads out of ${below}`)
    return await readFile(opened)
  } finally {
    await handle.close()
  }
}
