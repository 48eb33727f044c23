import { readdir } from 'node:fs/promises'
import { scratch } from '../../images/cache/cache.ts'
import { scratchRoot } from '../../images/cache/scratch.ts'
import { VOLUME } from '../engine/docker/rights.ts'
import { Fault } from '../model/fault.ts'
import { counted } from '../model/text/amounts.ts'

/**
 * Removes what killed runs have left: temporary files in the cache, and containers of a Docker daemon where one answers.
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
  const [{ reachDaemon }, { cleanUp }] = await Promise.all([
    import('../engine/docker/daemon.ts'),
    import('../engine/docker/clean.ts'),
  ])
  try {
    const daemon = await reachDaemon()
    const { removed, spared } = await cleanUp(daemon)
    return [
      `removed ${counted(removed.length, 'container')} at ${daemon.where}`,
      ...spared.map(({ container, why }) => `kept the container ${container}: ${why}`),
      `kept the volume ${VOLUME}, which is the cache, and images of the lab: docker volume rm ${VOLUME}; docker image prune -a --filter label=hitless`,
    ]
  } catch (error) {
    if (error instanceof Fault) return [`looked for no containers: ${error.message}`]
    throw error
  }
}
