import type Docker from 'dockerode'
import { EXIT, Fault } from '../../model/fault.ts'
import type { Note } from '../../model/text/note.ts'
import type { Patience } from '../docker/away.ts'
import { type Log, Tail } from '../docker/log.ts'
import { BrokenFrames } from '../remote/frames.ts'
import type { Answer, Deed, Order } from '../remote/protocol.ts'
import { type Listener, Replay } from '../remote/replay.ts'
import { serviceOf } from './service.ts'
import { askManager } from './tasks/ask.ts'
import { fateOf } from './tasks/fate.ts'
import { followTask } from './tasks/task-log.ts'
import type { Watch } from './tasks/watch.ts'

/** A Swarm, as one run uses it. */
export interface Swarm {
  docker: Docker
  patience: Patience
  watch: Watch
  note: Note
  /** The same, where many boots have the same to say. */
  once: Note
  /** How the names of this run's services and configs begin. */
  prefix: string
  labels: (what: string) => Record<string, string>
  /** What workers run in, as every node can have it. */
  image: string
}

/** Where an order may be carried out. */
export interface Place {
  /** Of nodes. One of them must be there. */
  nodes: string[]
  /** Expressions that all must hold, as `docker service create --constraint` takes them. */
  constraints: string[]
  /** CPUs that it reserves on its node, where it runs a guest. Others reserve nothing. */
  cpus?: number
}

/** An order whose node, or its task there, is gone: it may be carried out elsewhere. */
export class Lost extends Error {
  override name = 'Lost'

  /** @param node its id; null where the task never had one */
  constructor(
    readonly node: string | null,
    reason: string,
  ) {
    super(reason)
  }
}

/**
 * Milliseconds for which Swarm may have no task for a service: a busy manager makes it a little later. After that somebody
 * has removed the one or the other.
 */
const NO_TASK = 20_000

const GONE = 'Swarm has no task for it any more: its service was removed'

let count = 0

/**
 * Has one worker somewhere in a Swarm carry out an order, and removes what it took, whatever happens.
 *
 * @param noTask milliseconds after which a service without a task counts as lost
 * @returns its answer, and the id of the node
 * @throws Lost; a Fault that the worker reports, or that says why it could not work; BrokenFrames where its answer did not
 *   come whole; what a listener throws; the signal's reason
 */
export async function carry<D extends Deed>(
  swarm: Swarm,
  order: Order & { do: D },
  place: Place,
  listener: Listener,
  signal: AbortSignal,
  noTask = NO_TASK,
): Promise<{ answer: Answer<D>; node: string }> {
  const { docker, patience, image } = swarm
  const ask = <T>(what: () => Promise<T>) => askManager(patience, what, signal)
  const name = `${swarm.prefix}-${++count}`
  const labels = swarm.labels(order.do)
  const data = Buffer.from(`${JSON.stringify(order)}\n`).toString('base64')
  const config = await ask(() =>
    made(
      () => docker.createConfig({ Name: name, Labels: labels, Data: data }),
      () => docker.getConfig(name).inspect(),
    ),
  )
  try {
    const { constraints, cpus } = place
    const work = { name, labels, image, config: { id: config, name }, constraints, ...(cpus && { cpus }) }
    const service = await ask(() =>
      made(
        () => docker.createService(serviceOf(work)),
        () => docker.getService(name).inspect(),
      ),
    )
    try {
      return await attend(swarm, service, new Replay<D>(order.do, listener), place, noTask, signal)
    } finally {
      await removed(swarm, () => docker.getService(service).remove())
    }
  } finally {
    await removed(swarm, () => docker.getConfig(config).remove())
  }
}

/** The id of something that is made, or was when the daemon went away before it could say so: no other has its name. */
async function made(make: () => Promise<{ id: string }>, find: () => Promise<{ ID: string }>): Promise<string> {
  try {
    return (await make()).id
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== 409) throw error
    return (await find()).ID
  }
}

/** What cannot be removed now is left to `doctor --clean`. */
async function removed({ note, prefix }: Swarm, remove: () => Promise<unknown>) {
  try {
    await remove()
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return
    note(
      `a service or config ${prefix}… could not be removed: ${(error as Error).message}; npx tsx lab/doctor.ts --engine swarm --clean does it`,
    )
  }
}

/** Milliseconds for which the rest of a log may be underway after its task has ended. */
const UNDERWAY = 10_000
/** How often a log that did not come whole is read again. */
const AGAIN = 5
/** Milliseconds for which a task waits for nobody of this lab before it is said: Swarm counts CPUs as used until a container is gone. */
const PATIENT = 10_000
/** Milliseconds for which a task waits while no node that may have it is there. */
const NOBODY = 60_000

/** Follows a service's one task, and reads what its worker says, until it has said all. */
async function attend<D extends Deed>(
  { docker, watch, once }: Swarm,
  service: string,
  replay: Replay<D>,
  place: Place,
  noTask: number,
  signal: AbortSignal,
): Promise<{ answer: Answer<D>; node: string }> {
  const tail = new Tail()
  const reading = new Reading(docker, replay, tail)
  let there = performance.now()
  /** When a boot of this lab was last seen to run: that it waits for those goes without saying. */
  let busy = there
  let ended: number | null = null
  /** Since when there has been no task, and the node of the last one. */
  let absent: number | null = null
  let on: string | null = null
  try {
    for (;;) {
      const { tasks, nodes } = await watch.next(signal)
      reading.check()
      const task = tasks.find(({ ServiceID }) => ServiceID === service)
      if (!task) {
        if (replay.ended && on !== null) return { answer: replay.answer(), node: on }
        absent ??= performance.now()
        if (performance.now() - absent > noTask) throw new Lost(on, GONE)
        continue
      }
      absent = null
      on = task.NodeID || on
      const fate = fateOf(task, nodes)
      if (fate.is === 'lost') throw new Lost(task.NodeID || null, fate.reason)
      if (fate.is === 'waiting') {
        if (tasks.some(({ Status }) => Status.State === 'running')) busy = performance.now()
        if (fate.why && performance.now() - busy > PATIENT)
          once(
            `waiting for a node with ${place.cpus ? `${+place.cpus.toFixed(1)} free CPUs` : 'room'}, as Swarm says: ${fate.why}`,
          )
        if (nodes.some(({ ID, Status }) => place.nodes.includes(ID) && Status.State === 'ready'))
          there = performance.now()
        if (performance.now() - there > NOBODY)
          throw new Fault(
            `no node that may carry it out is in the Swarm any more${fate.why ? `: ${fate.why}` : ''}`,
            EXIT.failed,
            'docker node ls',
          )
        continue
      }
      if (!replay.ended) await reading.go(task.ID)
      if (replay.ended) return { answer: replay.answer(), node: task.NodeID! }
      if (fate.is === 'running') continue
      ended ??= performance.now()
      if (performance.now() - ended < UNDERWAY && !(fate.is === 'failed' && tail.text)) continue
      if (fate.is === 'failed')
        throw new Fault([fate.reason, lastOf(tail)].filter(Boolean).join(': '), EXIT.failed, 'docker node ls')
      if (!reading.retry()) replay.answer()
      ended = null
    }
  } finally {
    reading.close()
  }
}

const lastOf = ({ text }: Tail) => text.trim().split('\n').slice(-5).join('\n')

/** Reads a task's log, from its beginning again where that did not come whole. */
class Reading<D extends Deed> {
  #log: Log | null = null
  #failure: unknown = null
  #left = AGAIN

  constructor(
    readonly docker: Docker,
    readonly replay: Replay<D>,
    readonly tail: Tail,
  ) {}

  /** Sees to it that the log is read. @throws what keeps it from being read each time */
  async go(task: string) {
    if (this.#log) return
    this.replay.again()
    try {
      const log = await followTask(this.docker, task, (line) => this.replay.take(line), this.tail)
      this.#log = log
      log.over.then(
        () => this.#over(log),
        (error) => {
          if (!(error instanceof BrokenFrames && this.retry())) this.#failure = error
        },
      )
    } catch (error) {
      if (!this.retry()) throw error
    }
  }

  /** @throws what a listener threw, or how the log is broken each time */
  check() {
    if (this.#failure) throw this.#failure
  }

  /** Has the log read again; false where that has been done often enough. */
  retry(): boolean {
    if (this.#left === 0) return false
    this.#left--
    this.close()
    return true
  }

  close() {
    this.#log?.close()
    this.#log = null
  }

  /** A connection that broke, or ended with the node. */
  #over(log: Log) {
    if (this.#log === log && !this.replay.ended) this.#log = null
  }
}
