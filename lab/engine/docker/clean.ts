import type { Daemon } from './daemon.ts'
import { fateOf, LABEL, whySpared } from './owner.ts'

/** What became of the containers that labs have left. */
export interface Cleaned {
  removed: string[]
  /** Those that stay, and why. */
  spared: { container: string; why: string }[]
}

/** A label of the containers that Swarm makes. */
const OF_SWARM = 'com.docker.swarm.task.id'

/**
 * Removes the containers of labs that have ended. Those of a living lab stay, and so do those of which this machine cannot
 * tell.
 */
export async function cleanUp({ docker }: Pick<Daemon, 'docker'>): Promise<Cleaned> {
  const cleaned: Cleaned = { removed: [], spared: [] }
  const found = await docker.listContainers({ all: true, filters: { label: [LABEL] } })
  for (const { Id, Labels } of found) {
    const container = Id.slice(0, 12)
    // Swarm removes it with its service, see lab/engine/swarm/clean.ts.
    if (Labels[OF_SWARM]) continue
    const fate = fateOf(Labels)
    if (fate === 'dead') {
      await docker.getContainer(Id).remove({ force: true, v: true })
      cleaned.removed.push(container)
    } else cleaned.spared.push({ container, why: whySpared(Labels, fate, `docker rm -f ${container}`) })
  }
  return cleaned
}
