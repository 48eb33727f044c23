import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { EndedBoot } from '../measure/boot.ts'
import type { Start } from '../model/cell.ts'
import type { Outcome } from '../model/outcome.ts'

/** What the thread is asked: a boot that has ended, and the folder of its cell, where its events are saved. */
export interface Task {
  start: Start
  outcome: Exclude<Outcome, { kind: 'interrupted' }>
  folder: string
}

const THREAD = new URL('./aside-thread.ts', import.meta.url)

const NO_MEMORY =
  'its events, which are saved, do not fit into the memory that Node.js gives the lab; NODE_OPTIONS=--max-old-space-size=8192 gives it 8 GiB'

/**
 * Measures boots in a thread of its own, one at a time. To count an hour's boot takes longer than a second, and of some
 * loads much longer; meanwhile other guests are watched. Events that do not fit into memory fail their boot, not the lab.
 */
export class Aside {
  #thread: Worker | null = null
  #last: Promise<unknown> = Promise.resolve()

  /** @throws Error when the thread ends without an answer, such as for want of memory */
  measure(task: Task): Promise<EndedBoot> {
    const answer = this.#last.then(() => this.#ask(task))
    this.#last = answer.catch(() => {})
    return answer
  }

  async #ask(task: Task): Promise<EndedBoot> {
    // One thread for all boots: to compile what it needs takes half a second.
    this.#thread ??= new Worker(THREAD, { execArgv: ['--import', import.meta.resolve('tsx')] })
    const thread = this.#thread
    const stop = new AbortController()
    // The lab waits for an answer, and not for a thread that has nothing to do.
    thread.ref()
    try {
      thread.postMessage(task)
      const ended = once(thread, 'exit', stop).then(() => {
        throw new Error('the thread that counts its events has ended')
      })
      // Errors of the thread come first, as once() tells them.
      const [answer] = await Promise.race([once(thread, 'message', stop), ended])
      // A copy has come back; what belongs to a cell is told by its identity.
      return { ...answer, cell: task.start.cell }
    } catch (error) {
      this.#thread = null
      throw (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY' ? new Error(NO_MEMORY) : error
    } finally {
      stop.abort()
      thread.unref()
    }
  }
}
