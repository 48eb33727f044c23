import type { Daemon } from './daemon.ts'
import { fateOf, LABEL } from './owner.ts'

/** What became of the containers that labs have left. */
export interface Cleaned {
  removed: string[]
  /** Those that stay, and why. */
  spared: { container: string; why: string }[]
}

/**
 * Removes the containers of labs that have ended. Those of a living lab stay, and so do those of which this machine cannot
 * tell.
 */
export async function cleanUp({ docker }: Pick<Daemon, 'docker'>): Promise<Cleaned> {
  const cleaned: Cleaned = { removed: [], spared: [] }
  const found = await docker.listContainers({ all: true, filters: { label: [LABEL] } })
  for (const { Id, Labels } of found) {
    const container = Id.slice(0, 12)
    const fate = fateOf(Labels)
    if (fate === 'dead') {
      await docker.getContainer(Id).remove({ force: true, v: true })
      cleaned.removed.push(container)
    } else
      cleaned.spared.push({
        container,
        why:
          fate === 'alive'
            ? `the lab with process id ${Labels[`${LABEL}.pid`]} works with it`
            : `its lab ran elsewhere; where it has ended: docker rm -f ${container}`,
      })
  }
  return cleaned
}
