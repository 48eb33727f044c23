import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type Docker from 'dockerode'
import { EXIT, Fault, notReady } from '../../model/fault.ts'
import type { Note } from '../../model/text/note.ts'
import { BrokenFrames } from '../remote/frames.ts'
import type { Answer, Deed, Order } from '../remote/protocol.ts'
import { type Listener, Replay } from '../remote/replay.ts'
import type { Patience } from './away.ts'
import { type Daemon, diskFault, isGone } from './daemon.ts'
import { proxyVariables } from './image.ts'
import { readLog, Tail } from './log.ts'
import { labelsOf, thisLab } from './owner.ts'
import { hostConfig, LOCKS, type Rights } from './rights.ts'
import { refusal } from './room.ts'

/** Where workers are started. */
export interface Workshop {
  daemon: Daemon
  /** The image's Id: its name may be another's by the time that a worker starts. */
  image: string
  patience: Patience
  note: Note
}

/** What a worker answered, and what became of its container. */
export interface Worked<D extends Deed> {
  answer: Answer<D>
  /** Whether the kernel killed something in it that wanted more memory than the container has. */
  outOfMemory: boolean
}

/**
 * Has a worker carry out an order in a container of its own, which is removed whatever happens.
 *
 * @param use does what it likes with the container after a worker that answered
 * @throws a Fault that the worker reports, or that says why it could not work; BrokenFrames where its answer did not come
 *   whole; the signal's reason
 */
export async function work<D extends Deed>(
  shop: Workshop,
  order: Order & { do: D },
  rights: Rights,
  listener: Listener,
  signal: AbortSignal,
  use: (container: Docker.Container) => Promise<void> = async () => {},
): Promise<Worked<D>> {
  signal.throwIfAborted()
  const { patience } = shop
  // The daemon may go away after it has made a container and before it has said so: then its name tells which it is.
  const name = `hitless-${order.do}-${randomBytes(6).toString('hex')}`
  const container = await patience.ask(() => created(shop, name, order.do, rights), signal)
  const kill = () => void container.kill().catch(() => {})
  signal.addEventListener('abort', kill)
  try {
    signal.throwIfAborted()
    await started(container, order)
    const replay = new Replay<D>(order.do, listener)
    const state = await follow(shop, container, replay, signal)
    const answer = replay.answer()
    await use(container)
    return { answer, outOfMemory: state.OOMKilled }
  } catch (error) {
    signal.throwIfAborted()
    throw await reason(error as Error, shop)
  } finally {
    signal.removeEventListener('abort', kill)
    await removed(shop, container, signal)
  }
}

async function created(
  { daemon, image }: Workshop,
  name: string,
  deed: Deed,
  rights: Rights,
): Promise<Docker.Container> {
  const found = await daemon.docker.listContainers({ all: true, filters: { name: [name] } })
  if (found[0]) return daemon.docker.getContainer(found[0].Id)
  return daemon.docker.createContainer({
    name,
    Image: image,
    Cmd: commandOf(rights),
    Env: Object.entries(variables(rights)).map(([name, value]) => `${name}=${value}`),
    Labels: labelsOf(deed, thisLab()),
    OpenStdin: true,
    StdinOnce: true,
    HostConfig: hostConfig(rights),
  })
}

/** The proxies of a network are of use only to what has one. */
const variables = ({ locks }: Rights) => ({ ...proxyVariables(), ...(locks && { HITLESS_CPUS: LOCKS }) })

/** What runs in a container. A rootless daemon may have no cpusets, and then drops them; a process may always pin itself. */
const commandOf = ({ cpus }: Rights) => [
  ...(cpus === null ? [] : ['taskset', '--cpu-list', cpus]),
  ...['node', '--import', 'tsx', 'lab/worker.ts'],
]

/** Starts a container and gives it its order. */
async function started(container: Docker.Container, order: Order) {
  const stdin = await container.attach({ stream: true, stdin: true, hijack: true })
  await container.start()
  stdin.on('error', () => {
    // The worker then says that it has no order.
  })
  stdin.end(`${JSON.stringify(order)}\n`)
}

type State = Docker.ContainerInspectInfo['State']

/** Reads what a worker says until it has ended, from the beginning again where the connection broke. */
async function follow<D extends Deed>(
  { daemon, patience, note }: Workshop,
  container: Docker.Container,
  replay: Replay<D>,
  signal: AbortSignal,
): Promise<State> {
  const tail = new Tail()
  for (let whole = false; ; ) {
    const { State: before } = await patience.ask(() => container.inspect(), signal)
    whole = !before.Running
    await patience.ask(() => {
      replay.again()
      return readLog(daemon.docker, container, (line) => replay.take(line), tail)
    }, signal)
    signal.throwIfAborted()
    const { State: state } = await patience.ask(() => container.inspect(), signal)
    if (!state.Running && replay.ended) return state
    // Its log may go on behind the place where the connection broke.
    if (whole) throw ended(state, tail.text)
    if (!state.Running) continue
    note('the connection to the Docker daemon broke; reading the log of its worker again')
    await pause(1000, undefined, { signal })
  }
}

/** Why a worker ended without an answer. */
function ended({ OOMKilled, ExitCode, Error: said }: State, stderr: string): Error {
  if (OOMKilled)
    return new Fault(
      'the worker was killed: its container ran out of memory',
      EXIT.failed,
      'free memory on the machine of the Docker daemon',
    )
  const last = stderr.trim().split('\n').slice(-5).join('\n')
  if (ExitCode === EXIT.usage || ExitCode === EXIT.notReady) return notReady(last)
  return new BrokenFrames(
    [`the worker ended with status ${ExitCode} and no answer`, said, last].filter(Boolean).join(': '),
  )
}

/** What is wrong with the daemon, where an error or the daemon says so; else the error itself. */
async function reason(error: Error, { daemon, image }: Workshop): Promise<Error> {
  if (isGone(error)) return new Fault(`the Docker daemon at ${daemon.where} went away: ${error.message}`, EXIT.failed)
  // A daemon whose disk is full drops lines of its containers' logs, and tells nobody.
  const full = error instanceof BrokenFrames ? await refusal(daemon, image) : null
  const fault = full && diskFault(full, daemon)
  return fault && fault !== full ? fault : diskFault(error, daemon)
}

/** A container that cannot be removed now is left to `doctor --clean`. */
async function removed({ daemon, note, patience }: Workshop, container: Docker.Container, signal: AbortSignal) {
  try {
    await patience.ask(() => container.remove({ force: true, v: true }), signal)
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return
    note(
      `the container ${container.id.slice(0, 12)} at ${daemon.where} could not be removed: ${(error as Error).message}; npx tsx lab/doctor.ts --engine docker --clean does it`,
    )
  }
}
