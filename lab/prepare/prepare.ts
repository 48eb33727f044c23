import { matchKernels } from '../../images/kernels/catalogue.ts'
import { obtainProxy } from '../../images/proxies/obtain.ts'
import { PROXIES, parseProxy } from '../../images/proxies/proxies.ts'
import { programs } from '../../images/userland/programs.ts'
import { userland } from '../../images/userland/userland.ts'
import { GUESTS, guestFor } from '../guest/guests.ts'
import { named } from '../guest/parts.ts'
import type { CellProxy } from '../model/cell.ts'
import { usage } from '../model/fault.ts'
import type { Prepared } from '../model/prepared.ts'
import type { Request } from '../model/request.ts'
import type { Supply } from '../model/supply.ts'
import { needsCapacity } from '../plan/loads.ts'
import { requireAccel, tryKernels } from './bootable.ts'
import type { Keep } from './capacities.ts'
import { chooseCases } from './cases.ts'
import { obtainKernels } from './kernels.ts'
import { ensurePackages } from './packages.ts'

/** What a run may do to the host, and where it keeps what it finds out. */
interface PrepareOptions {
  /** Whether missing packages of the host may be installed. */
  install: boolean
  /** Takes what was found out on the way, for the run's folder. */
  keep?: Keep
}

/**
 * Obtains all that a run needs: host packages, kernels, proxies, the guest's programs, and what the kernels can do.
 * Costs next to nothing when all of it is in the cache.
 *
 * @throws a Fault: exit 2 for what does not exist, exit 3 for what cannot be obtained
 */
export async function prepare(
  request: Request,
  supply: Supply,
  { install, keep = () => {} }: PrepareOptions,
): Promise<Prepared> {
  const { note, signal } = supply
  requireMaxaccept(request)
  const specs = [...new Set(request.kernels.flatMap(matchKernels))]
  const names = request.proxies.map((spec) => parseProxy(spec).proxy.name)
  const cases = await chooseCases(request.cases, names, note)
  const guests = [...new Set(specs.map(guestFor))]
  await ensurePackages({ install, note, for: guests })
  if (guests.some((guest) => GUESTS[guest].accelerators.includes('kvm'))) requireAccel(request.accel)
  // First what may be wrong with a program of the user's own.
  const { proxies, sources } = await obtainProxies(request, supply)
  const obtained = await obtainKernels(specs, supply)
  const tools = await userland(supply)
  const root = { userland: tools.dir, programs: (await programs(supply)).dir }
  const trial = { root, note, signal }
  const { ready, skipped } = await tryKernels(obtained.found, request.accel, trial)
  const capacities = needsCapacity(request)
    ? await (await import('./capacities.ts')).findCapacities(request, ready, proxies, trial, keep)
    : []
  const [namedKernels, namedRoot, namedProxies] = await Promise.all([
    Promise.all(ready.map(named)),
    named({ root }),
    Promise.all(proxies.map((proxy) => named({ proxy }))),
  ])
  return {
    kernels: namedKernels,
    skipped: [...obtained.skipped, ...skipped],
    cases,
    root: namedRoot.root,
    sources: { ...sources, ...tools.versions },
    proxies: namedProxies.map(({ proxy }) => proxy),
    traits: PROXIES,
    capacities,
  }
}

/** @throws a Fault (exit 2) where a proxy cannot accept so many connections in one go as are asked for */
function requireMaxaccept({ proxies, maxaccepts }: Request) {
  const wrong = proxies.flatMap((spec) => {
    const { title, refusesMaxaccept } = parseProxy(spec).proxy
    const refused = (most: number) => refusesMaxaccept?.(most) ?? []
    return (maxaccepts ?? []).flatMap((most) =>
      [refused(most)].flat().map((takes) => `--maxaccept ${most}: ${title} accepts ${takes}`),
    )
  })
  if (wrong.length) throw usage([...new Set(wrong)].join('\n'))
}

/** Each proxy with each maxaccept that is asked for, else with its own; and Debian's versions of those that were built. */
async function obtainProxies(
  { proxies, maxaccepts }: Request,
  supply: Supply,
): Promise<{ proxies: CellProxy[]; sources: Record<string, string> }> {
  const found: CellProxy[] = []
  const sources: Record<string, string> = {}
  for (const spec of proxies) {
    const parsed = parseProxy(spec)
    const { path, version, debian } = await obtainProxy(parsed, supply)
    if (debian) sources[`${parsed.proxy.name} ${version}`] = debian
    for (const maxaccept of maxaccepts ?? [parsed.proxy.defaultMaxaccept(version)])
      found.push({ name: parsed.proxy.name, path, version, maxaccept })
  }
  return { proxies: found, sources }
}
