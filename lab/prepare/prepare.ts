import { matchKernels } from '../../images/kernels/catalogue.ts'
import { PROXIES } from '../../images/proxies/proxies.ts'
import { programs } from '../../images/userland/programs.ts'
import { userland } from '../../images/userland/userland.ts'
import { GUESTS, guestFor } from '../guest/guests.ts'
import { named } from '../guest/parts.ts'
import type { MeasuredKernel, Prepared } from '../model/prepared.ts'
import type { Request } from '../model/request.ts'
import type { Supply } from '../model/supply.ts'
import { needsCapacity } from '../plan/loads.ts'
import { requireAccel, tryKernels } from './bootable.ts'
import type { Keep } from './capacities.ts'
import { chooseCases } from './cases.ts'
import { obtainKernels } from './kernels.ts'
import { ensurePackages } from './packages.ts'
import { askedProxies, proxiesOfTime, proxyNames, requireMaxaccept } from './proxies.ts'

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
  const cases = await chooseCases(request.cases, proxyNames(request), note)
  const guests = [...new Set(specs.map(guestFor))]
  await ensurePackages({ install, note, for: guests })
  if (guests.some((guest) => GUESTS[guest].accelerators.includes('kvm'))) requireAccel(request.accel)
  // First what may be wrong with a program of the user's own.
  const asked = await askedProxies(request, supply)
  const obtained = await obtainKernels(specs, supply)
  const root = { userland: (await userland(supply)).dir, programs: (await programs(supply)).dir }
  const trial = { root, note, signal }
  const { ready, skipped } = await tryKernels(obtained.found, request.accel, trial)
  const kernels: MeasuredKernel[] = []
  for (const one of ready)
    kernels.push({ ...one, proxies: asked ?? (await proxiesOfTime(one.kernel, request, supply)) })
  const capacities = needsCapacity(request)
    ? await (await import('./capacities.ts')).findCapacities(request, kernels, trial, keep)
    : []
  return {
    kernels: await Promise.all(kernels.map(namedKernel)),
    skipped: [...obtained.skipped, ...skipped],
    cases,
    root: (await named({ root })).root,
    traits: PROXIES,
    capacities,
  }
}

/** The same with the names of all its parts. */
async function namedKernel(kernel: MeasuredKernel): Promise<MeasuredKernel> {
  const proxies = await Promise.all(kernel.proxies.map((proxy) => named({ proxy })))
  return { ...(await named(kernel)), proxies: proxies.map(({ proxy }) => proxy) }
}
