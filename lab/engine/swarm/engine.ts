import { randomBytes } from 'node:crypto'
import type { Load } from '../../model/case/load.ts'
import type { RootParts } from '../../model/cell.ts'
import type { CapacityKernel } from '../../model/prepared.ts'
import type { Capacity } from '../../model/result/capacity.ts'
import type { Machine as ResultMachine } from '../../model/result/machine.ts'
import type { Supply } from '../../model/supply.ts'
import { eachOnce } from '../../model/text/note.ts'
import { Patience } from '../docker/away.ts'
import { reachDaemon } from '../docker/daemon.ts'
import { requireLocal } from '../docker/engine.ts'
import { ensureImage, type Image } from '../docker/image.ts'
import { LABEL, labelsOf, thisLab } from '../docker/owner.ts'
import type { Workshop } from '../docker/work.ts'
import type { Engine } from '../engine.ts'
import type { Machine } from '../remote/protocol.ts'
import { carryOut } from './boot.ts'
import { findOut } from './capacity.ts'
import { carry, type Swarm } from './carry.ts'
import { Equipped, sayKinds } from './nodes/equipped.ts'
import { type Ready, readyNodes, requireRegistry } from './nodes/nodes.ts'
import { runImage } from './run-image.ts'
import { Watch } from './tasks/watch.ts'

/** A file for the run's folder. */
type Keep = (name: string, text: string) => void

/** An engine whose cells run on the nodes of a Swarm, and what else can be done there. */
export interface SwarmEngine extends Engine {
  /** Where parts are prepared: the daemon that the lab talks to. */
  shop: Workshop
  /** The lab's image, from which that of the run is made: all nodes have its QEMU. */
  image: Image
  /**
   * Gives all nodes what the cells need, and each kernel to one kind of node. Nothing can be carried out before.
   *
   * @param before the kind of CPU that earlier boots of a kernel had
   */
  equip: (parts: string[], kernels: string[], before?: Map<string, string>) => Promise<void>
  /** Finds out what a kernel carries, on a node of its kind. @throws a Fault where no node can */
  capacities: (load: Load, kernel: CapacityKernel, root: RootParts, keep: Keep) => Promise<Capacity[]>
  /** The node that found something out, where it is still there and was not started since; else one that can find it out now. */
  stillThere: (found: Capacity) => ResultMachine
  /** What the nodes are, once they are equipped. */
  machines: () => Promise<Machine[]>
}

/** A Swarm that can be given orders once `image` says in which image, its nodes, and where parts are prepared. */
export interface OpenSwarm {
  swarm: Swarm
  shop: Workshop
  image: Image
  ready: Ready[]
}

/** Reaches the manager of a Swarm, and makes the lab's image there. @throws as {@link swarmEngine} does */
export async function openSwarm(files: string[], registry: string | undefined, supply: Supply): Promise<OpenSwarm> {
  const { note } = supply
  const daemon = await reachDaemon()
  requireLocal(daemon, files, 'swarm')
  const { nodes: ready, self } = await readyNodes(daemon)
  requireRegistry(ready, self, registry)
  const image = await ensureImage(daemon, supply)
  const shop: Workshop = { daemon, image: image.id, note, patience: new Patience(daemon, note) }
  const run = `hitless-${randomBytes(4).toString('hex')}`
  const swarm: Swarm = {
    docker: daemon.docker,
    patience: shop.patience,
    watch: new Watch(daemon.docker, shop.patience, `${LABEL}.run=${run}`),
    note,
    once: eachOnce(note),
    prefix: run,
    labels: (what) => ({ ...labelsOf(what, thisLab()), [`${LABEL}.run`]: run }),
    image: '',
  }
  return { swarm, shop, image, ready }
}

/** Boots that wait in Swarm beyond those that its nodes can carry, so that no node waits for the lab. */
const WAITING = 2

/**
 * Carries boots out on the nodes of the Swarm whose manager the lab talks to.
 *
 * @param files of the user's, which preparing needs to read
 * @param registry HOST:PORT from where nodes fetch the image; none where there is only one
 * @throws a Fault (exit 3) that says why there is no Swarm, or no image; exit 2 where a registry is missing
 */
export async function swarmEngine(files: string[], registry: string | undefined, supply: Supply): Promise<SwarmEngine> {
  const { note, signal } = supply
  const { swarm, shop, image, ready } = await openSwarm(files, registry, supply)
  const equipped = new Equipped()
  return {
    shop,
    image,
    // Nodes tell it once they are equipped.
    get slots() {
      return equipped.slots
    },
    waiting: WAITING,
    equip: async (parts, kernels, before) => {
      swarm.image = await runImage(shop, parts, registry, signal)
      equipped.is(await describeAll(swarm, ready, signal), kernels, before)
      note(sayKinds(equipped))
    },
    machines: () => equipped.machines,
    obstacle: async (cell) => equipped.obstacle(cell),
    run: (start, observer, signal) => carryOut(swarm, equipped, start, observer, signal),
    // Not its configuration, which is more than Swarm takes for an order.
    capacities: (load, { kernel, guest, accel, unprobed, proxies }, root, keep) => {
      const order = { do: 'capacity' as const, load, kernel: { kernel, guest, accel, unprobed, proxies }, root }
      return findOut(swarm, equipped, order, keep, signal)
    },
    stillThere: (found) => equipped.stillThere(found),
  }
}

/** Asks each node what it is. */
const describeAll = (swarm: Swarm, nodes: Ready[], signal: AbortSignal) =>
  Promise.all(
    nodes.map(async (ready) => {
      const place = { nodes: [ready.id], constraints: [`node.id==${ready.id}`] }
      return { ready, machine: (await carry(swarm, { do: 'describe' }, place, {}, signal)).answer }
    }),
  )
