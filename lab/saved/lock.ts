import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { createServer } from 'node:net'
import { usage } from '../model/fault.ts'

/**
 * Makes this process the only one that works on a run, until it ends. The lock is an abstract socket (unix(7)) whose name
 * is made from the folder's. The kernel gives it to one process at a time and removes it with that process, however that
 * ends, so that no lock is left behind.
 *
 * @param folder the folder of the run, which exists
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
