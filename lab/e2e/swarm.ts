import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CPUS } from '../engine/swarm/service.ts'
import { lockFolder } from '../guest/cpus/lock.ts'
import { Disguise } from './disguise.ts'
import { Dockerd } from './dockerd.ts'
import { scratch, until } from './harness.ts'

// Two machines that are one: two daemons, each with a network of its own, and a wire between them. Nothing of the host's
// network is touched, and nobody on it can reach them. They have the same CPUs, so that their workers agree with each other
// who has them, and with all labs of this host.

const ADDRESS = { manager: '192.168.77.1', worker: '192.168.77.2' }
const REGISTRY = `${ADDRESS.manager}:5000`

/** A Swarm of two nodes, with a registry on the manager's. */
export class TestSwarm {
  readonly registry = REGISTRY
  /** It has what the tests of the Docker engine have built and fetched. */
  readonly manager = new Dockerd('daemon', { apart: true, registries: [REGISTRY] })
  readonly worker: Dockerd
  /** What the worker's machine looks like from within its containers. */
  readonly disguise = new Disguise(join(scratch, 'disguise'))
  /** Ids of the nodes. */
  nodes = { manager: '', worker: '' }

  constructor() {
    this.worker = new Dockerd('swarm-worker', {
      apart: true,
      registries: [REGISTRY],
      words: this.disguise.words(),
    })
  }

  async start() {
    await Promise.all([this.manager.start(), this.worker.start()])
    await Promise.all([this.manager, this.worker].map(shareCpus))
    this.#wire()
    await this.#startRegistry()
    const { manager, worker } = this
    await manager.docker.swarmInit({
      ...addresses(ADDRESS.manager),
      // A node that says nothing for a few of these is down.
      Spec: { Dispatcher: { HeartbeatPeriod: 1e9 } },
    })
    this.nodes.manager = await nodeOf(manager)
    const { JoinTokens } = (await manager.docker.swarmInspect()) as { JoinTokens: { Worker: string } }
    await worker.docker.swarmJoin({
      ...addresses(ADDRESS.worker),
      RemoteAddrs: [`${ADDRESS.manager}:2377`],
      JoinToken: JoinTokens.Worker,
    })
    this.nodes.worker = await nodeOf(worker)
    await this.#ready(2)
  }

  async end() {
    await Promise.all([this.worker.end(), this.manager.end()])
    rmSync(this.#registryFolder, { recursive: true, force: true })
  }

  /** Takes a node's tasks away and gives it no more, or lets it have some again. */
  async drain(id: string, availability: 'drain' | 'active' = 'drain') {
    const node = this.manager.docker.getNode(id)
    const { Version, Spec } = (await node.inspect()) as { Version: { Index: number }; Spec: object }
    await node.update({ ...Spec, version: Version.Index, Availability: availability })
  }

  async #ready(count: number) {
    for (;;) {
      const nodes = await this.manager.docker.listNodes()
      if (nodes.filter(({ Status }) => Status.State === 'ready').length === count) return
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  #wire() {
    const [manager, worker] = [this.manager, this.worker].map(({ inside }) => String(inside)) as [string, string]
    const inside = (pid: string, ...argv: string[]) =>
      execFileSync('nsenter', ['--net', `--target=${pid}`, 'ip', ...argv])
    // Made inside, so that it never is on the host.
    inside(manager, 'link', 'add', 'wire', 'type', 'veth', 'peer', 'name', 'wire', 'netns', worker)
    for (const [pid, address] of [
      [manager, ADDRESS.manager],
      [worker, ADDRESS.worker],
    ] as const) {
      inside(pid, 'address', 'add', `${address}/24`, 'dev', 'wire')
      for (const name of ['wire', 'lo']) inside(pid, 'link', 'set', name, 'up')
    }
  }

  get #registryFolder(): string {
    return join(this.worker.folder, 'registry')
  }

  async #startRegistry() {
    const folder = this.#registryFolder
    mkdirSync(folder, { recursive: true })
    const config = join(folder, 'config.yml')
    writeFileSync(
      config,
      `version: 0.1\nstorage: {filesystem: {rootdirectory: ${folder}/data}}\nhttp: {addr: "${REGISTRY}"}\n`,
    )
    await this.manager.spawn(['docker-registry', 'serve', config])
    await until('the registry answers', () => {
      try {
        execFileSync('nsenter', ['--net', `--target=${this.manager.inside}`, ...CONNECT], { stdio: 'ignore' })
        return existsSync(config)
      } catch {
        return false
      }
    })
  }
}

/** Has the workers of a daemon find the locks on CPUs of this host, as one machine has one volume for them. */
async function shareCpus({ docker }: Dockerd) {
  // One that a node had before would stay as it is. What a crash left uses it.
  const left = await docker.listContainers({ all: true, filters: { volume: [CPUS.volume] } })
  await Promise.all(left.map(({ Id }) => docker.getContainer(Id).remove({ force: true })))
  const { Volumes } = await docker.listVolumes({ filters: { name: [CPUS.volume] } })
  await Promise.all(Volumes.map(({ Name }) => docker.getVolume(Name).remove()))
  await docker.createVolume({
    Name: CPUS.volume,
    Driver: 'local',
    DriverOpts: { type: 'none', o: 'bind', device: lockFolder() },
    Labels: { hitless: 'cpus' },
  })
}

const CONNECT = ['bash', '-c', `exec 3<>/dev/tcp/${ADDRESS.manager}/5000`]

const addresses = (address: string) => ({ AdvertiseAddr: address, ListenAddr: `${address}:2377` })

async function nodeOf({ docker }: Dockerd): Promise<string> {
  const { Swarm } = (await docker.info()) as { Swarm: { NodeID: string } }
  return Swarm.NodeID
}
