import { readdir } from 'node:fs/promises'
import { scratch } from '../../images/cache/cache.ts'
import { scratchRoot } from '../../images/cache/scratch.ts'
import { VOLUME } from '../engine/docker/rights.ts'
import type { Cleaned } from '../engine/swarm/clean.ts'
import { CPUS } from '../engine/swarm/service.ts'
import { Fault } from '../model/fault.ts'
import { counted } from '../model/text/amounts.ts'

/**
 * Removes what killed runs have left: temporary files in the cache, and where a Docker daemon answers its containers, and the
 * services and configs of a Swarm that it manages.
 *
 * @returns what was done, one line each
 */
export async function clean(): Promise<string[]> {
  return [...(await cleanScratch()), ...(await cleanDocker())]
}

async function cleanScratch(): Promise<string[]> {
  const folders = async () => (await readdir(scratchRoot()).catch(() => [])) as string[]
  const before = await folders()
  // Whoever needs a folder there first removes what ended processes have left.
  const after = await scratch('clean', folders)
  const gone = before.filter((name) => !after.includes(name))
  return [`removed ${counted(gone.length, 'folder')} of temporary files in ${scratchRoot()}`]
}

async function cleanDocker(): Promise<string[]> {
  // Only now: most hosts have no daemon.
  const [{ reachDaemon }, { cleanUp }, { cleanSwarm }] = await Promise.all([
    import('../engine/docker/daemon.ts'),
    import('../engine/docker/clean.ts'),
    import('../engine/swarm/clean.ts'),
  ])
  try {
    const daemon = await reachDaemon()
    const swarm = await cleanSwarm(daemon)
    const { removed, spared } = await cleanUp(daemon)
    return [
      ...(swarm ? sayOfSwarm(swarm) : []),
      `removed ${counted(removed.length, 'container')} at ${daemon.where}`,
      ...spared.map(({ container, why }) => `kept the container ${container}: ${why}`),
      `kept the volume ${VOLUME}, which is the cache, and images of the lab: docker volume rm ${VOLUME}; docker image prune -a --filter label=hitless`,
    ]
  } catch (error) {
    if (error instanceof Fault) return [`looked for no containers: ${error.message}`]
    throw error
  }
}

const sayOfSwarm = ({ services, configs, spared }: Cleaned): string[] => [
  `removed ${counted(services, 'service')} and ${counted(configs, 'config')} of the Swarm`,
  ...spared.map(({ what, why }) => `kept ${what}: ${why}`),
  `kept the volume ${CPUS.volume} of each node, which holds nothing but the locks of its CPUs: docker volume rm ${CPUS.volume}`,
]
