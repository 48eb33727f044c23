import type Docker from 'dockerode'
import { BOOT_MEMORY } from '../docker/rights.ts'

/** Bytes of memory that a boot reserves on its node, and may use at most. */
export const MEMORY = BOOT_MEMORY

/** Where the order lies in a worker's container. */
const ORDER = '/order'

/** Where the workers of a node agree on who has which CPUs: a volume of the node. */
export const CPUS = { volume: 'hitless-cpus', path: '/cpus' }

/** One service for one order. */
export interface Work {
  name: string
  labels: Record<string, string>
  /** By digest where several nodes fetch it. */
  image: string
  /** The Swarm config that holds the order. */
  config: { id: string; name: string }
  /** CPUs that it reserves, and memory with them, where it runs a guest. */
  cpus?: number
  /** Which nodes may have it: expressions that all must hold. */
  constraints: string[]
}

const SECOND = 1e9
/** As Swarm counts a CPU: by the seconds that it works in a second. */
const CPU = SECOND

/**
 * What Swarm is asked for. It is a replicated service of one task that is never started again, and not a replicated job:
 * with those, removing the service neither stops the task nor removes its container (https://github.com/moby/moby/issues/42789).
 *
 * CPUs are reserved and are not also the limit: the worker pins itself to two, and a quota on top would stop a guest that
 * uses both whole for the rest of each period.
 */
export const serviceOf = ({ name, labels, image, config, cpus, constraints }: Work): Docker.CreateServiceOptions => ({
  Name: name,
  Labels: labels,
  Mode: { Replicated: { Replicas: 1 } },
  TaskTemplate: {
    RestartPolicy: { Condition: 'none' },
    Placement: { Constraints: constraints },
    Resources: {
      ...(cpus && { Reservations: { NanoCPUs: Math.floor(cpus * CPU), MemoryBytes: MEMORY } }),
      Limits: { Pids: 1024, ...(cpus && { MemoryBytes: MEMORY }) },
    },
    // The lab reads what its worker says from there: whole, whatever the node does with the logs of others.
    LogDriver: { Name: 'json-file', Options: { 'max-size': '1g', 'max-file': '1', compress: 'false' } },
    ContainerSpec: {
      Image: image,
      Labels: labels,
      // Docker 20.10 knows no-new-privileges of containers, but not of services.
      Command: ['setpriv', '--no-new-privs', '--', 'node', '--import', 'tsx', 'lab/worker.ts', ORDER],
      Env: cpus ? [`HITLESS_CPUS=${CPUS.path}`] : [],
      Init: true,
      ReadOnly: true,
      CapabilityDrop: ['ALL'],
      // As long as a worker may take to end its guest.
      StopGracePeriod: 10 * SECOND,
      Mounts: [
        { Type: 'tmpfs', Source: '', Target: '/tmp', TmpfsOptions: { SizeBytes: 512 * 2 ** 20, Mode: 0o1777 } },
        ...(cpus ? [{ Type: 'volume' as const, Source: CPUS.volume, Target: CPUS.path, VolumeOptions: VOLUME }] : []),
      ],
      Configs: [
        {
          ConfigID: config.id,
          ConfigName: config.name,
          File: { Name: ORDER, UID: '0', GID: '0', Mode: 0o444 },
        },
      ],
    },
  },
})

const VOLUME = { NoCopy: true, Labels: { hitless: 'cpus' }, DriverConfig: { Name: 'local', Options: {} } }
