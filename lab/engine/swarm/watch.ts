import { setTimeout as pause } from 'node:timers/promises'
import type Docker from 'dockerode'
import type { Patience } from '../docker/away.ts'
import { askManager } from './ask.ts'
import type { NodeView, TaskView } from './fate.ts'

/** Milliseconds between two looks. */
const PERIOD = 300

/** What Swarm says of the lab's tasks, and of all nodes. */
export interface View {
  tasks: (TaskView & { ServiceID: string; CreatedAt: string })[]
  nodes: NodeView[]
}

/** Looks at all tasks of a lab at once, so that a manager is asked as often for a thousand boots as for one. */
export class Watch {
  #next: Promise<View> | null = null

  /** @param label of all the lab's services */
  constructor(
    readonly docker: Docker,
    readonly patience: Patience,
    readonly label: string,
    readonly signal: AbortSignal,
  ) {}

  /** What is so a little later. @throws as {@link askManager} does */
  next(): Promise<View> {
    this.#next ??= this.#look().finally(() => {
      this.#next = null
    })
    return this.#next
  }

  async #look(): Promise<View> {
    await pause(PERIOD, undefined, { signal: this.signal })
    const look = () =>
      Promise.all([this.docker.listTasks({ filters: { label: [this.label] } }), this.docker.listNodes()])
    const [tasks, nodes] = await askManager(this.patience, look, this.signal)
    return { tasks, nodes }
  }
}
