import { notReady, usage } from '../../../model/fault.ts'
import { counted, list } from '../../../model/text/amounts.ts'
import type { Daemon } from '../../docker/daemon.ts'

/** A node that takes tasks, before its CPU is known. */
export interface Ready {
  id: string
  /** No other node of this Swarm has the same. */
  name: string
  /** How many Swarm counts there: with two it may be able to carry a boot. */
  cpus: number
}

/** What is read of Docker's description of a node. */
interface Described {
  ID: string
  Spec: { Availability: string }
  Status: { State: string }
  Description: { Hostname: string; Resources: { NanoCPUs: number } }
}

const CPU = 1e9

/**
 * The nodes that take tasks and have two CPUs.
 *
 * @throws a Fault (exit 3) where the daemon manages no Swarm, or no node can carry a cell
 */
export async function readyNodes(daemon: Pick<Daemon, 'docker' | 'where'>): Promise<{ nodes: Ready[]; self: string }> {
  const self = await requireManager(daemon)
  const all: Described[] = await daemon.docker.listNodes()
  const ready = all.filter(({ Spec, Status }) => Spec.Availability === 'active' && Status.State === 'ready')
  const able = ready.filter(({ Description }) => cpusOf(Description) >= 2)
  if (!able.length)
    throw notReady(
      `no node of this Swarm is ready, active and has two CPUs: ${list(all.map(shown))}`,
      'docker node ls, and docker node update --availability active NODE',
    )
  const hosts = able.map(({ Description }) => Description.Hostname)
  const nodes = able.map(({ ID, Description }) => ({
    id: ID,
    name:
      hosts.filter((name) => name === Description.Hostname).length > 1
        ? `${Description.Hostname} (${ID.slice(0, 8)})`
        : Description.Hostname,
    cpus: cpusOf(Description),
  }))
  return { nodes, self }
}

const cpusOf = ({ Resources }: Described['Description']) => Resources.NanoCPUs / CPU

const shown = ({ Spec, Status, Description }: Described) =>
  `${Description.Hostname} is ${Status.State} and ${Spec.Availability}, with ${counted(cpusOf(Description), 'CPU')}`

/** What `docker info` says of the Swarm. */
type Membership = { LocalNodeState: string; ControlAvailable: boolean; NodeID: string; Error: string }

/** @returns the id of the node that the daemon is */
async function requireManager({ docker, where }: Pick<Daemon, 'docker' | 'where'>): Promise<string> {
  const { Swarm } = (await docker.info()) as { Swarm: Membership }
  const { LocalNodeState: state, ControlAvailable: manages, NodeID, Error: error } = Swarm
  if (state === 'inactive')
    throw notReady(
      `--engine swarm: the Docker daemon at ${where} is in no Swarm`,
      'docker swarm init, which makes it a Swarm of one node; or DOCKER_HOST=… of a manager',
    )
  if (state === 'locked') throw notReady(`--engine swarm: the Swarm at ${where} is locked`, 'docker swarm unlock')
  if (state !== 'active')
    throw notReady(
      `--engine swarm: the Docker daemon at ${where} is no working part of its Swarm (${state}): ${error}`,
      'docker info',
    )
  if (!manages)
    throw notReady(
      `--engine swarm: the Docker daemon at ${where} is a worker, and only managers take services`,
      'DOCKER_HOST=… of a manager, and the same again',
    )
  return NodeID
}

/** @throws a Fault (exit 2) where other nodes need to fetch the image and nothing says from where */
export function requireRegistry(nodes: Ready[], self: string, registry: string | undefined) {
  const others = nodes.filter(({ id }) => id !== self)
  if (registry || !others.length) return
  throw usage(
    `--registry is missing: ${list(others.map(({ name }) => name))} of this Swarm must fetch the lab's image from somewhere; expected HOST:PORT of a registry that all nodes reach`,
    'lab/engine/README.md shows how to start one, or docker node update --availability drain NODE leaves a node out',
  )
}
