import type Docker from 'dockerode'
import { sha256 } from '../../../images/cache/cache.ts'
import { EXIT, Fault } from '../../model/fault.ts'
import { type Daemon, diskFault } from '../docker/daemon.ts'
import { LABEL } from '../docker/owner.ts'
import type { Rights } from '../docker/rights.ts'
import { type Workshop, work } from '../docker/work.ts'

/** Where the parts lie in the image. */
const FOLDER = '/parts'

const RIGHTS: Rights = { network: 'none', cpus: null, memory: null, kvm: false, files: [], writable: true }

/** What makes a container of the lab's image one that has all it needs: a worker's cache is gone with it. */
const CHANGES = [`ENV HITLESS_PARTS=${FOLDER}`, 'ENV XDG_CACHE_HOME=/tmp/cache', `LABEL ${LABEL}=run-image`]

/**
 * The image from which workers are started on any node: the lab's image, and the parts that the cells need. Its name tells
 * both by content, so that it is made once, and anew where the lab's image was built again.
 *
 * @param shop of the daemon whose cache has the parts
 * @param parts their names by content
 * @param registry where the other nodes fetch it from; none where there are no others
 * @returns how a service names it, so that every node has the very same
 * @throws a Fault (exit 3) where it cannot be made or pushed
 */
export async function runImage(
  shop: Workshop,
  parts: string[],
  registry: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  const { docker } = shop.daemon
  const tag = runImageTag(shop.image, parts)
  const repo = registry ? `${registry}/hitless-run` : 'hitless-run'
  const name = `${repo}:${tag}`
  const image = docker.getImage(name)
  if (!(await exists(image))) {
    shop.note(`making the image ${name} with ${parts.length} parts`)
    await work(shop, { do: 'pack', parts, folder: FOLDER }, RIGHTS, {}, signal, async (container) => {
      await container.commit({ repo, tag, changes: CHANGES })
    })
  }
  if (!registry) return (await image.inspect()).Id
  shop.note(`pushing ${name}, from where the other nodes fetch it`)
  await push(shop.daemon, image, repo, signal)
  const digest = (await image.inspect()).RepoDigests.find((one) => one.startsWith(`${repo}@`))
  if (!digest) throw new Fault(`the registry at ${registry} gave the image no digest`, EXIT.notReady)
  return digest
}

/**
 * What names a run's image.
 *
 * @param image the Id of the lab's image: its name stays when newer packages of Debian's go into it
 * @param parts their names by content, in any order
 */
export const runImageTag = (image: string, parts: string[]): string => sha256(image, ...parts.toSorted()).slice(0, 12)

async function exists(image: Docker.Image): Promise<boolean> {
  try {
    await image.inspect()
    return true
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return false
    throw error
  }
}

async function push(daemon: Daemon, image: Docker.Image, repo: string, abortSignal: AbortSignal) {
  try {
    const stream = await image.push({ abortSignal, authconfig: {} })
    await new Promise<void>((resolve, reject) =>
      daemon.docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve())),
    )
  } catch (error) {
    abortSignal.throwIfAborted()
    const full = diskFault(error as Error, daemon)
    if (full !== error) throw full
    throw new Fault(
      `--registry: the daemon at ${daemon.where} cannot push to ${repo}: ${(error as Error).message}`,
      EXIT.notReady,
      'curl http://HOST:PORT/v2/ on that machine; a registry without TLS must be among the insecure-registries of every daemon: https://docs.docker.com/reference/cli/dockerd/#insecure-registries',
    )
  }
}
