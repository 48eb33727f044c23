import { EXIT, Fault } from '../../model/fault.ts'
import type { Lost as LostFact } from '../../model/result/lost.ts'
import type { Answer, Deed, Order } from '../remote/protocol.ts'
import type { Listener } from '../remote/replay.ts'
import { carry, Lost, type Place, type Swarm } from './carry.ts'
import type { Kind, SwarmNode } from './nodes/kinds.ts'

/** What an order came to, on which node, and where it was begun before and lost. */
export interface Carried<D extends Deed> {
  answer: Answer<D>
  node: SwarmNode | null
  lost: LostFact[]
}

/** How it is seen that a worker did not end by itself, or ran where it should not. */
type Check<D extends Deed> = (answer: Answer<D>) => string | null

/**
 * Has an order carried out on some node of a kind; where that one is lost, once more on another.
 *
 * @param all nodes of the Swarm that are known
 * @param amiss why an answer counts as lost; null when it does not
 * @param again told before it begins once more: what a listener was told so far does not count
 * @throws as {@link carry} does, and a Fault (exit 4) where it is lost twice
 */
export async function carryElsewhere<D extends Deed>(
  swarm: Swarm,
  order: Order & { do: D },
  kind: Kind,
  all: SwarmNode[],
  listener: Listener,
  { amiss, again }: { amiss: Check<D>; again: () => void },
  signal: AbortSignal,
): Promise<Carried<D>> {
  const lost: (LostFact & { id: string | null })[] = []
  const nameOf = (id: string | null) => all.find((node) => node.id === id)?.name ?? id ?? 'no node'
  for (;;) {
    try {
      const { answer, node } = await carry<D>(swarm, order, placeIn(kind, all, lost), listener, signal)
      const why = kind.nodes.some(({ id }) => id === node) ? amiss(answer) : 'it is no node of the kind'
      if (why !== null) throw new Lost(node, why)
      return {
        answer,
        node: all.find(({ id }) => id === node) ?? null,
        lost: lost.map(({ node, reason }) => ({ node, reason })),
      }
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof Lost)) throw error
      lost.push({ id: error.node, node: nameOf(error.node), reason: error.message })
      if (lost.length > 1)
        throw new Fault(
          `it was lost twice: ${lost.map(({ node, reason }) => `on ${node}, ${reason}`).join('; ')}`,
          EXIT.failed,
          'docker node ls',
        )
      swarm.note(`lost on ${nameOf(error.node)}: ${error.message}; running it again elsewhere`)
      again()
    }
  }
}

/** The nodes of a kind, without those where it was lost while there are others; and what keeps it from all the rest. */
export function placeIn(kind: Kind, all: SwarmNode[], lost: { id: string | null }[]): Place {
  const others = kind.nodes.filter(({ id }) => lost.every((one) => one.id !== id))
  const nodes = (others.length ? others : kind.nodes).map(({ id }) => id)
  // A node that has joined since is none of those that are known.
  const known = new Set([...all, ...lost].flatMap(({ id }) => id ?? []))
  return {
    nodes,
    cpus: kind.share,
    constraints: [...known].filter((id) => !nodes.includes(id)).map((id) => `node.id!=${id}`),
  }
}
