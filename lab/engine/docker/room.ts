import type Docker from 'dockerode'
import type { Daemon } from './daemon.ts'
import { labelsOf, thisLab } from './owner.ts'

/** Bytes for which a disk must have room: as much as a boot tells. */
const ROOM = 2 ** 20

/**
 * Tries whether a daemon's disk takes more: it keeps a container's labels beside its log.
 *
 * @returns what the daemon said when it kept no container, whatever the reason; null when it did
 */
export async function refusal({ docker }: Daemon, image: string): Promise<Error | null> {
  const Labels = { ...labelsOf('room', thisLab()), 'hitless.room': ' '.repeat(ROOM) }
  try {
    // Without these two the library says all of it in the address, too, which is too long then.
    const order = { _query: {}, _body: { Image: image, Labels } }
    const container = await docker.createContainer(order as Docker.ContainerCreateOptions)
    await container.remove()
    return null
  } catch (error) {
    return error as Error
  }
}
