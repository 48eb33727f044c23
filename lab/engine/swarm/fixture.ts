import { PassThrough } from 'node:stream'
import type Docker from 'dockerode'
import { FrameWriter } from '../remote/frames.ts'
import type { Told } from '../remote/protocol.ts'
import type { Swarm } from './carry.ts'
import { Watch } from './tasks/watch.ts'

/** What becomes of a service: on which node its task is, what its worker tells, and how the task is; null: it has no task. */
export interface Fated {
  node: string
  /** Messages of the worker, which ends with the last one where its task is complete. */
  told: Told[]
  task: 'complete' | 'running' | null
  /** Whether its node is down once the worker has told that. */
  down?: boolean
}

/** For tests: a manager whose services fare one after the other as is said, the nodes that each was kept from, and what was noted. */
export function manager(fates: Fated[], nodes: string[]) {
  const [kept, noted, removed]: [string[][], string[], string[]] = [[], [], []]
  const services = new Map<string, Fated>()
  const read = new Set<string>()
  const docker = {
    modem: { demuxStream: (stream: PassThrough, out: PassThrough) => stream.pipe(out) },
    createConfig: async () => ({ id: 'config' }),
    getConfig: () => ({ remove: async () => {} }),
    createService: async ({ TaskTemplate }: Docker.CreateServiceOptions) => {
      const id = `service-${services.size}`
      services.set(id, fates[services.size]!)
      kept.push((TaskTemplate as { Placement: { Constraints: string[] } }).Placement.Constraints)
      return { id }
    },
    getService: (id: string) => ({ remove: async () => void removed.push(id) }),
    listTasks: async () =>
      [...services].flatMap(([ServiceID, { node: NodeID, task: State }]) =>
        State === null || removed.includes(ServiceID)
          ? []
          : [{ ID: ServiceID, ServiceID, NodeID, DesiredState: 'running', Status: { State } }],
      ),
    listNodes: async () => {
      const isDown = (node: string) =>
        [...services].some(([id, fate]) => fate.down && fate.node === node && read.has(id))
      return nodes.map((ID) => ({ ID, Status: { State: isDown(ID) ? 'down' : 'ready' } }))
    },
    getTask: (id: string) => ({
      logs: async () => {
        const { told, task } = services.get(id)!
        const stream = new PassThrough()
        const frames = new FrameWriter((line) => stream.write(line))
        for (const one of told) frames.send(one)
        if (task === 'complete') frames.end()
        read.add(id)
        return stream
      },
    }),
  } as unknown as Docker
  const patience = { ask: <T>(what: () => Promise<T>) => what(), note: () => {} } as unknown as Swarm['patience']
  const note = (line: string) => void noted.push(line)
  const swarm: Swarm = {
    ...{ docker, patience, watch: new Watch(docker, patience, 'hitless.run=x'), note, once: note },
    ...{ prefix: 'hitless-x', labels: () => ({}), image: 'hitless-run' },
  }
  return { swarm, services, kept, noted, removed }
}
