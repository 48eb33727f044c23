import { MEMORY } from '../service.ts'

// What Swarm says about a task, and what that means for the one order which it carries out. Its states are those of
// https://docs.docker.com/engine/swarm/how-swarm-mode-works/swarm-task-states/

/** What is read of a task. */
export interface TaskView {
  ID: string
  NodeID?: string
  DesiredState: string
  Status: { State: string; Err?: string; Message?: string; ContainerStatus?: { ExitCode?: number } }
}

/** What is read of a node. */
export interface NodeView {
  ID: string
  Status: { State: string; Message?: string }
}

/**
 * What became of a task: it waits (and why, where Swarm says it), it runs, its worker has ended, or it failed by itself;
 * or it is lost: its node took it away, so that it may be run elsewhere.
 */
export type Fate =
  | { is: 'waiting'; why: string | null }
  | { is: 'running' | 'ended' }
  | { is: 'lost' | 'failed'; reason: string }

/** States in which Swarm looks for a node. */
const WAITING = ['new', 'pending']
/** States on the way to a running container, and that itself. */
const UNDERWAY = ['allocated', 'assigned', 'accepted', 'ready', 'preparing', 'starting', 'running']

/** @param nodes all nodes of the Swarm */
export function fateOf(task: TaskView, nodes: NodeView[]): Fate {
  const { State: state, Err: err, Message: message } = task.Status
  const said = err || message || state
  if (WAITING.includes(state)) return { is: 'waiting', why: err ?? null }
  if (state === 'complete') return { is: 'ended' }
  if (state === 'failed') return { is: 'failed', reason: failureOf(task) }
  const node = nodes.find(({ ID }) => ID === task.NodeID)
  if (!node) return { is: 'lost', reason: 'its node has left the Swarm' }
  if (['down', 'disconnected'].includes(node.Status.State))
    return { is: 'lost', reason: `its node is ${[node.Status.State, node.Status.Message].filter(Boolean).join(': ')}` }
  if (!UNDERWAY.includes(state)) return { is: 'lost', reason: `its task was ${state}: ${said}` }
  // A node that went down and came back has ended what it ran.
  if (['shutdown', 'remove'].includes(task.DesiredState))
    return { is: 'lost', reason: `Swarm took it away from its node: ${said}` }
  return { is: 'running' }
}

/** Killed, which is also how a container ends that needs more memory than it may have. */
const KILLED = 137

function failureOf({ Status }: TaskView): string {
  const killed = Status.ContainerStatus?.ExitCode === KILLED
  const why = killed ? `, killed: it may have needed more than the ${MEMORY / 2 ** 20} MiB of memory that it gets` : ''
  return `its worker failed${why} (${Status.Err ?? Status.Message ?? Status.State})`
}
