import { addAbortListener } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import type Docker from 'dockerode'
import type { Patience } from '../../docker/away.ts'
import { askManager } from './ask.ts'
import type { NodeView, TaskView } from './fate.ts'

/** Milliseconds between two looks. */
const PERIOD = 300

/** What Swarm says of the lab's tasks, and of all nodes. */
export interface View {
  tasks: (TaskView & { ServiceID: string })[]
  nodes: NodeView[]
}

/** One look, for all who wait for it. */
interface Look {
  view: Promise<View>
  waiting: number
  /** Ends it when nobody waits any more. */
  end: AbortController
}

/** Looks at all tasks of a lab at once, so that a manager is asked as often for a thousand boots as for one. */
export class Watch {
  #look: Look | null = null

  /** @param label of all the lab's services */
  constructor(
    readonly docker: Docker,
    readonly patience: Pick<Patience, 'ask' | 'note'>,
    readonly label: string,
  ) {}

  /** What is so a little later. @throws as {@link askManager} does; the signal's reason */
  async next(signal: AbortSignal): Promise<View> {
    signal.throwIfAborted()
    const look = this.#look ?? this.#begin()
    look.waiting++
    let stop: Disposable | undefined
    const aborted = new Promise<never>((_, reject) => {
      stop = addAbortListener(signal, () => reject(signal.reason))
    })
    try {
      return await Promise.race([look.view, aborted])
    } finally {
      stop?.[Symbol.dispose]()
      if (--look.waiting === 0) look.end.abort()
    }
  }

  #begin(): Look {
    const end = new AbortController()
    const view = this.#see(end.signal).finally(() => {
      this.#look = null
    })
    // Whoever waits is told; nobody may.
    view.catch(() => {})
    this.#look = { view, waiting: 0, end }
    return this.#look
  }

  async #see(signal: AbortSignal): Promise<View> {
    await pause(PERIOD, undefined, { signal })
    const ask = () =>
      Promise.all([this.docker.listTasks({ filters: { label: [this.label] } }), this.docker.listNodes()])
    const [tasks, nodes] = await askManager(this.patience, ask, signal)
    return { tasks, nodes }
  }
}
