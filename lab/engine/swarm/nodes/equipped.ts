import { startIn } from '../../../guest/machine.ts'
import type { Cell } from '../../../model/cell.ts'
import type { Capacity } from '../../../model/result/capacity.ts'
import { isOneMachine, kindOf, type Machine as ResultMachine } from '../../../model/result/machine.ts'
import { counted, list } from '../../../model/text/amounts.ts'
import type { Machine } from '../../remote/protocol.ts'
import { assignKernels, type Kind, kindsOf, type SwarmNode } from './kinds.ts'
import type { Ready } from './nodes.ts'
import { roomOf } from './room.ts'

/** What is known of the nodes once they have the image. */
export class Equipped {
  nodes: SwarmNode[] = []
  kinds: Kind[] = []
  given = new Map<string, string>()
  /** The nodes as boots name the machines that carried them out. */
  #named: ResultMachine[] = []
  readonly machines: Promise<Machine[]>
  #tell: (machines: Machine[]) => void = () => {}

  constructor() {
    this.machines = new Promise((resolve) => {
      this.#tell = resolve
    })
  }

  is(described: { ready: Ready; machine: Machine }[], kernels: string[], before?: Map<string, string>) {
    this.nodes = described.map(({ ready, machine }) => ({
      ...{ id: ready.id, name: ready.name, cpu: kindOf(machine) },
      ...roomOf(ready.cpus, machine),
    }))
    this.#named = described.map(({ ready: { name }, machine: { cpu, cpuid, cpus, kernel, bootId } }) => {
      const start = startIn(bootId)
      return { name, cpu, ...(cpuid && { cpuid }), cpus, kernel, ...(start && { start }) }
    })
    this.kinds = kindsOf(this.nodes)
    this.given = assignKernels(kernels, this.kinds, before)
    this.#tell(described.map(({ machine }) => machine))
  }

  /** Boots that all nodes carry at a time. */
  get slots(): number {
    return this.kinds.reduce((sum, { slots }) => sum + slots, 0)
  }

  kindOf(kernel: string): Kind {
    const cpu = this.given.get(kernel)!
    return this.kinds.find((kind) => kind.cpu === cpu) ?? { cpu, nodes: [], slots: 0, share: 0 }
  }

  /**
   * The node that found something out, where it is here and was not started since. Else one of the kind that the kernel has
   * now, which is another machine.
   */
  stillThere({ kernel, machine: found }: Pick<Capacity, 'kernel' | 'machine'>): ResultMachine {
    const { cpu } = this.kindOf(kernel)
    const of = this.#named.filter((machine) => kindOf(machine) === cpu)
    return (of.find((machine) => isOneMachine(machine, found)) ?? of[0] ?? this.#named[0])!
  }

  obstacle({ kernel }: Cell): string | null {
    const { cpu, nodes } = this.kindOf(kernel.name)
    return nodes.length ? null : `boots of ${kernel.name} ran on ${cpu}, which no node of the Swarm has now`
  }
}

/** The kinds of nodes of a Swarm, and which kernels each has, in one line. */
export function sayKinds({ kinds, given }: Equipped): string {
  const each = kinds.map(({ cpu, nodes, slots }) => {
    const kernels = [...given].filter(([, of]) => of === cpu).map(([kernel]) => kernel)
    const what = kinds.length > 1 ? `: ${kernels.length ? list(kernels) : 'no kernel'}` : ''
    return `${list(nodes.map(({ name }) => name))} (${cpu}) ${nodes.length > 1 ? 'carry' : 'carries'} ${counted(slots, 'boot')} at a time${what}`
  })
  return `the Swarm: ${each.join('; ')}`
}
