import { localEngine } from '../../engine/local/local.ts'
import { startIn, thisMachine } from '../../guest/machine.ts'
import type { ENGINES } from '../../model/result.ts'
import { prepareAll } from '../../prepare/prepare.ts'
import { thisHost } from '../../saved/version/provenance.ts'
import { withFullPaths } from './own-files.ts'
import type { Opening, Workplace } from './workplace.ts'

export type EngineName = (typeof ENGINES)[number]

/**
 * The workplaces, by what `--engine` takes. To add one: its name (lab/model/result.ts), a folder in lab/engine, an entry here.
 *
 * They throw a Fault (exit 3) where the machine is not ready.
 */
export const WORKPLACES: Record<EngineName, (opening: Opening) => Promise<Workplace>> = {
  local: async ({ oneOfMany, supply: { note, signal } }) => ({
    engine: localEngine(oneOfMany),
    prepare: prepareAll,
    capacities: {
      hereFor: () => thisMachine(false),
      find: async (load, kernel, root, keep) => {
        // Only now: few runs find it out anew.
        const { findCapacitiesOf } = await import('../../prepare/capacities.ts')
        return findCapacitiesOf(load, kernel, root, { note, signal }, keep)
      },
    },
    host: async () => ({ ...(await thisHost()), engine: 'local' as const }),
  }),
  docker: async ({ files, supply, oneOfMany }) => {
    // Only now: a run on this machine needs none of it.
    const { dockerEngine } = await import('../../engine/docker/engine.ts')
    const { machine, version, image, prepare, capacities, ...engine } = await dockerEngine(files, supply, oneOfMany)
    const { kvm, allowed, cores, bootId, cpuid, ...host } = machine
    return {
      engine,
      prepare: (requests, supply, { keep = () => {}, mayBeNone = false }) =>
        prepare(requests.map(withFullPaths), supply, { keep, mayBeNone }),
      capacities: {
        hereFor: () => ({ cpu: host.cpu, cpuid, cpus: host.cpus, kernel: host.kernel, start: startIn(bootId) }),
        find: capacities,
      },
      host: async () => ({
        ...host,
        engine: 'docker' as const,
        image: image.name,
        imageId: image.id,
        tools: { ...host.tools, docker: version },
      }),
    }
  },
  swarm: async (opening) => (await import('./swarm.ts')).openSwarm(opening),
}
