import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { cacheFolder, saveWhole } from '../../../images/cache/cache.ts'
import { requireAllowed } from '../../../images/debian/mirrors.ts'
import { EXIT, Fault } from '../../model/fault.ts'
import type { Supply } from '../../model/supply.ts'
import { contextOf } from './context.ts'
import { type Daemon, diskFault, isGone } from './daemon.ts'
import { LABEL } from './owner.ts'

/** The variables that say how to reach the network; what is built or fetched in a container needs them, too. */
const PROXIES = ['http_proxy', 'https_proxy', 'no_proxy']

/** Those that are set here, in both spellings. */
export const proxyVariables = (environment = process.env): Record<string, string> =>
  Object.fromEntries(
    PROXIES.flatMap((name) => [name, name.toUpperCase()]).flatMap((name) =>
      environment[name] ? [[name, environment[name]!]] : [],
    ),
  )

/** An image, by its name and by what Docker calls all of its content. */
export interface Image {
  name: string
  id: string
}

/**
 * The image in which workers run, built first where the daemon lacks it: from the lab's own files, so that another
 * version of the lab has another image.
 *
 * @returns it, its name telling the lab's files; which packages of Debian's went into it, only its Id tells
 * @throws a Fault (exit 3) with the last lines of a build that failed
 */
export async function ensureImage(daemon: Daemon, supply: Supply): Promise<Image> {
  const context = await contextOf(supply)
  const name = `hitless:${context.hash}`
  const there = await idOf(daemon, name)
  if (there !== null) return { name, id: there }
  requireAllowed(context.base, supply, `the image of this version of the lab, ${name},`)
  supply.note(buildWords(name, context.base))
  const log: string[] = []
  try {
    await build(daemon, context, name, log, supply.signal)
  } catch (error) {
    supply.signal.throwIfAborted()
    throw await buildFault(error as Error, daemon, context.base, log)
  }
  const id = await idOf(daemon, name)
  if (id === null)
    throw new Fault(`the image ${name} was built at ${daemon.where}, and is gone`, EXIT.notReady, 'the same again')
  return { name, id }
}

/** What is about to happen, which is once for each version of the lab. lab/engine/README.md has the sizes, too. */
export const buildWords = (name: string, base: string) =>
  `building the image ${name} from ${base}, once for this version of the lab: some 200 MB are fetched, it takes some minutes, and the image has 1.15 GB`

/** The Id of an image; null where the daemon does not have it. */
async function idOf({ docker }: Daemon, name: string): Promise<string | null> {
  try {
    return (await docker.getImage(name).inspect()).Id
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return null
    throw error
  }
}

async function build(
  { docker, bridged }: Daemon,
  { base, pack }: Awaited<ReturnType<typeof contextOf>>,
  name: string,
  log: string[],
  abortSignal: AbortSignal,
) {
  const stream = await docker.buildImage(pack(), {
    t: name,
    buildargs: { BASE: base, ...proxyVariables() },
    labels: { [LABEL]: 'image' },
    networkmode: bridged ? 'default' : 'host',
    forcerm: true,
    abortSignal,
  })
  // The library tells of connections that break, and not of builds that fail.
  let wrong: string | undefined
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(
      stream,
      (error) => (error || wrong !== undefined ? reject(error ?? new Error(wrong)) : resolve()),
      ({ stream = '', status, error }: { stream?: string; status?: string; error?: string }) => {
        wrong ??= error
        log.push(error ?? (status ? `${status}\n` : stream))
      },
    )
  })
}

/** Lines of a build that failed which are shown. */
const SHOWN = 15

async function buildFault(error: Error, daemon: Daemon, base: string, log: string[]): Promise<Error> {
  const file = join(cacheFolder('docker'), 'build.log')
  const lines = stripVTControlCharacters(log.join('')).trimEnd().split('\n')
  await saveWhole(file, `${lines.join('\n')}\n`)
  // The build's own error says no more than which command failed.
  for (const said of [error.message, ...lines]) {
    const cause = new Error(said)
    const full = diskFault(cause, daemon)
    if (full !== cause) return full
  }
  if (isGone(error))
    return new Fault(`the Docker daemon at ${daemon.where} went away during the build of its image`, EXIT.notReady)
  const tail = lines.slice(-SHOWN).join('\n')
  return new Fault(
    `the image from ${base} cannot be built: ${error.message}\n${tail}`,
    EXIT.notReady,
    `the whole output: ${file}`,
  )
}
