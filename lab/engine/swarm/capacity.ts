import type { Capacity } from '../../model/result/capacity.ts'
import type { Order } from '../remote/protocol.ts'
import type { Swarm } from './carry.ts'
import { carryElsewhere } from './elsewhere.ts'
import type { Equipped } from './nodes/equipped.ts'
import { isNoneOf } from './nodes/kinds.ts'

/** An order to find out what a kernel carries. */
type CapacityOrder = Extract<Order, { do: 'capacity' }>

/**
 * Has a node of a kernel's kind find out what the kernel carries. What it finds names the node, for of others of its kind
 * it may not be true.
 *
 * @param keep is given the files of the attempt that counts, once it has ended: one that was lost leaves none
 * @throws as {@link carryElsewhere} does
 */
export async function findOut(
  swarm: Swarm,
  equipped: Pick<Equipped, 'kindOf' | 'nodes'>,
  order: CapacityOrder,
  keep: (name: string, text: string) => void,
  signal: AbortSignal,
): Promise<Capacity[]> {
  const kind = equipped.kindOf(order.kernel.kernel.name)
  let kept: [name: string, text: string][] = []
  const listener = { note: swarm.note, keep: (...file: [string, string]) => void kept.push(file) }
  const checks = {
    amiss: (found: Capacity[]) =>
      found.map(({ machine }) => isNoneOf(kind, machine)).find((why) => why !== null) ?? null,
    again: () => {
      kept = []
    },
  }
  const { answer, node, lost } = await carryElsewhere(swarm, order, kind, equipped.nodes, listener, checks, signal)
  for (const file of kept) keep(...file)
  return answer.map((found) => ({
    ...found,
    machine: { ...found.machine, ...(node && { name: node.name }) },
    ...(lost.length > 0 && { lost }),
  }))
}
