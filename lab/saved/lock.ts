import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { createServer } from 'node:net'
import { usage } from '../model/fault.ts'

/**
 * Makes this process the only one that works on a run, until it ends. The lock is an abstract socket (unix(7)) with a
 * name made from the folder's: the kernel lets one process have it, and takes it away with that process however that
 * ends, so none is ever left behind.
 *
 * @param folder of the run; it exists
 * @throws a Fault (exit 2) when another process has it
 */
export async function lockRun(folder: string): Promise<void> {
  const name = createHash('sha256').update(realpathSync(folder)).digest('hex')
  const lock = createServer()
  await new Promise<void>((resolve, reject) => {
    lock.once('error', (error: NodeJS.ErrnoException) => {
      const taken = usage(`${folder}: another process is at work on this run`, 'pgrep -af lab/run.ts')
      reject(error.code === 'EADDRINUSE' ? taken : error)
    })
    lock.listen(`\0hitless-${name}`, resolve)
  })
  lock.unref()
}
