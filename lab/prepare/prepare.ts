import { matchKernels } from '../../images/kernels/catalogue.ts'
import { PROXIES } from '../../images/proxies/proxies.ts'
import { abWithCertificate } from '../../images/userland/ab.ts'
import { programs } from '../../images/userland/programs.ts'
import { userland } from '../../images/userland/userland.ts'
import { GUESTS, guestFor } from '../guest/guests.ts'
import { named } from '../guest/parts.ts'
import type { LoadedCase } from '../model/case/case.ts'
import type { MeasuredKernel, Prepared } from '../model/prepared.ts'
import type { Request } from '../model/request.ts'
import type { Capacity } from '../model/result/capacity.ts'
import type { Supply } from '../model/supply.ts'
import { eachOnce } from '../model/text/note.ts'
import { capacityLoad, needsCapacity } from '../plan/loads.ts'
import type { Installs } from './apt-get.ts'
import { requireAccel, tryKernels } from './bootable.ts'
import type { Keep } from './capacities.ts'
import { chooseCases } from './cases.ts'
import { obtainKernels } from './kernels.ts'
import { proxyObtainer } from './obtainable.ts'
import { ensurePackages } from './packages.ts'
import { proxiesOn, proxyNames, requireMaxaccept, requireProxies } from './proxies.ts'

/** What a run may do to the host, and where it keeps what it finds out. */
interface PrepareOptions {
  /** Whether missing packages of the host may be installed. */
  install: Installs
  /** Whether the cases are there, too, that those of a run are compared with; else what was asked for is all. */
  controls?: boolean
  /** Takes what was found out on the way, for the run's folder. */
  keep?: Keep
  /** Whether it is found out what the kernels carry: not where cells are carried out by other machines than this one. */
  capacities?: boolean
  /** Whether it is in order that none of the kernels can be had: other machines may have others. */
  mayBeNone?: boolean
}

/**
 * Obtains all that a run needs: host packages, kernels, proxies, the guest's programs, and what the kernels can do.
 * Costs next to nothing when all of it is in the cache.
 *
 * @throws a Fault: exit 2 for what does not exist, exit 3 for what cannot be obtained
 */
export const prepare = async (request: Request, supply: Supply, options: PrepareOptions): Promise<Prepared> =>
  (await prepareAll([request], supply, options))[0]!

/**
 * The same for several requests: each kernel is tried once, each proxy obtained once, and what they
 * carry is found out once.
 *
 * @returns what exists for each of them
 */
export async function prepareAll(
  requests: Request[],
  supply: Supply,
  { install, controls = true, keep = () => {}, capacities: measures = true, mayBeNone = false }: PrepareOptions,
): Promise<Prepared[]> {
  const { signal } = supply
  const note = eachOnce(supply.note)
  const [{ accel }] = requests as [Request]
  for (const request of requests) requireMaxaccept(request)
  const asking = requests.map(({ kernels }) => new Set(kernels.flatMap(matchKernels)))
  const specs = [...new Set(asking.flatMap((its) => [...its]))]
  // A row of an experiment has its control in another row.
  const aside = requests.length > 1 ? () => {} : note
  const cases: Prepared['cases'][] = []
  for (const request of requests) cases.push(await chooseCases(request.cases, proxyNames(request), aside, controls))
  const guests = [...new Set(specs.map(guestFor))]
  await ensurePackages({ install, note, signal, for: guests })
  if (guests.some((guest) => GUESTS[guest].accelerators.includes('kvm'))) requireAccel(accel)
  // First what may be wrong with a program of the user's own.
  const proxies = proxyObtainer({ ...supply, note })
  const withTls = cases.map((its) => its.some(needsTls))
  for (const [i, request] of requests.entries()) await requireProxies(request, proxies.with(withTls[i]!), note)
  const found = await obtainKernels(specs, supply, mayBeNone)
  const tools = await userland(supply)
  const root = { userland: tools.dir, programs: (await programs(supply)).dir }
  const rootWithAb = withTls.includes(true) ? { ...root, ab: await abWithCertificate(supply) } : root
  const trial = { root, note, signal, mayBeNone }
  const { ready, skipped } = await tryKernels(found.found, accel, trial)
  const all: Prepared[] = []
  const capacities: Capacity[] = []
  for (const [i, request] of requests.entries()) {
    const measured: MeasuredKernel[] = []
    for (const one of ready.filter(({ specs }) => specs.some((spec) => asking[i]!.has(spec)))) {
      const obtain = proxies.with(withTls[i]!, one.kernel.machine)
      measured.push({ ...one, proxies: await proxiesOn(one.kernel, request, obtain, note) })
    }
    if (measures && needsCapacity(request)) {
      const { findCapacities } = await import('./capacities.ts')
      capacities.push(...(await findCapacities(capacityLoad(request), measured, trial, keep, capacities)))
    }
    all.push({
      kernels: await Promise.all(measured.map(namedKernel)),
      skipped: [...found.skipped, ...skipped],
      cases: cases[i]!,
      root: (await named({ root: withTls[i] ? rootWithAb : root })).root,
      sources: { ...proxies.sources, ...tools.versions },
      traits: PROXIES,
      capacities,
    })
  }
  return all
}

/** Whether a case needs ab, and a proxy with TLS. */
const needsTls = ({ client }: LoadedCase) => client?.ab ?? false

/** The same with the names of all its parts. */
async function namedKernel(kernel: MeasuredKernel): Promise<MeasuredKernel> {
  const proxies = await Promise.all(kernel.proxies.map((proxy) => named({ proxy })))
  return { ...(await named(kernel)), proxies: proxies.map(({ proxy }) => proxy) }
}
