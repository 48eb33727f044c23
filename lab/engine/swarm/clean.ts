import type { Daemon } from '../docker/daemon.ts'
import { fateOf, LABEL, whySpared } from '../docker/owner.ts'

/** What became of the services and configs that labs have left. */
export interface Cleaned {
  /** How many were removed. */
  services: number
  configs: number
  /** Those that stay, and why. */
  spared: { what: string; why: string }[]
}

/** What Swarm tells of a service or config. */
interface Found {
  ID: string
  Spec: { Name: string; Labels: Record<string, string> }
}

/**
 * Removes the services and configs of labs that have ended, and with a service its task, wherever that runs. Those of a
 * living lab stay, and so do those of which this machine cannot tell.
 *
 * @returns null where the daemon manages no Swarm
 */
export async function cleanSwarm({ docker }: Pick<Daemon, 'docker'>): Promise<Cleaned | null> {
  const { Swarm } = (await docker.info()) as { Swarm?: { ControlAvailable?: boolean } }
  if (!Swarm?.ControlAvailable) return null
  const cleaned: Cleaned = { services: 0, configs: 0, spared: [] }
  const filters = { label: [LABEL] }
  const services = (await docker.listServices({ filters })) as Found[]
  await each('service', services, cleaned, (id) => docker.getService(id).remove())
  // A config that a service uses cannot be removed.
  await each('config', (await docker.listConfigs({ filters })) as Found[], cleaned, (id) =>
    docker.getConfig(id).remove(),
  )
  return cleaned
}

async function each(
  kind: 'service' | 'config',
  found: Found[],
  cleaned: Cleaned,
  remove: (id: string) => Promise<unknown>,
) {
  for (const { ID, Spec } of found) {
    const fate = fateOf(Spec.Labels)
    if (fate === 'dead') {
      await remove(ID)
      cleaned[`${kind}s`]++
      continue
    }
    const why = whySpared(Spec.Labels, fate, `docker ${kind} rm ${Spec.Name}`)
    cleaned.spared.push({ what: `the ${kind} ${Spec.Name}`, why })
  }
}
