import { isOneKind, kindOf, type Machine } from '../../../model/result/machine.ts'
import type { Room } from './room.ts'

// Which machines of a Swarm are alike. Numbers of two kinds of CPU are not compared, so that all cells of one kernel are
// carried out on one kind.

/** A node of a Swarm that can carry cells out. */
export interface SwarmNode extends Room {
  id: string
  /** What a person calls it; no other node of this Swarm has the same. */
  name: string
  /** The kind of its CPU, by name (lab/model/result/machine.ts). */
  cpu: string
}

/** Nodes with one kind of CPU. */
export interface Kind {
  cpu: string
  nodes: SwarmNode[]
  /** Boots that they carry at a time. */
  slots: number
  /**
   * CPUs that each boot reserves, on whichever of them it is: Swarm knows one number for all. It is that of the node where
   * it is least, or Swarm would place no boot on some nodes.
   */
  share: number
}

/** How a machine shows that it is none of a kind, as one is that has joined since; null: it is of that kind. */
export const isNoneOf = ({ cpu }: Pick<Kind, 'cpu'>, machine: Machine): string | null =>
  kindOf(machine) === cpu ? null : `its CPU is another one: ${kindOf(machine)}`

/** The kinds of some nodes, those that carry most first. */
export function kindsOf(nodes: SwarmNode[]): Kind[] {
  return [...new Set(nodes.map(({ cpu }) => cpu))]
    .map((cpu) => {
      const its = nodes.filter((node) => node.cpu === cpu)
      const slots = its.reduce((sum, { slots }) => sum + slots, 0)
      return { cpu, nodes: its, slots, share: Math.min(...its.map(({ share }) => share)) }
    })
    .sort((a, b) => b.slots - a.slots || (a.cpu < b.cpu ? -1 : 1))
}

/**
 * Gives each kernel to one kind, each kind as many as it can carry beside the others.
 *
 * @param kernels their names
 * @param before the kind that earlier boots of a kernel had: it stays with that one
 * @returns the kind of each kernel, by name
 */
export function assignKernels(
  kernels: string[],
  kinds: Kind[],
  before: Map<string, string> = new Map(),
): Map<string, string> {
  // A run that an older lab began knows just the models.
  const now = (had: string) => kinds.find(({ cpu }) => isOneKind(cpu, had))?.cpu ?? had
  const given = new Map(kernels.flatMap((kernel) => (before.has(kernel) ? [[kernel, now(before.get(kernel)!)]] : [])))
  for (const kernel of kernels) {
    if (given.has(kernel)) continue
    const until = ({ cpu, slots }: Kind) => ([...given.values()].filter((one) => one === cpu).length + 1) / slots
    given.set(kernel, kinds.reduce((best, kind) => (until(kind) < until(best) ? kind : best)).cpu)
  }
  return given
}
