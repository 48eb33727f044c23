import { NoCase, selectCases } from '../../cases/load.ts'
import { matchKernels } from '../../images/kernels/catalogue.ts'
import { defaultMaxaccept, haproxy } from '../../images/proxies/haproxy.ts'
import { programs } from '../../images/userland/programs.ts'
import { userland } from '../../images/userland/userland.ts'
import type { Options } from '../cli/options.ts'
import { supplyFrom } from '../cli/supply.ts'
import { cpuPairs } from '../guest/threads.ts'
import type { Case } from '../model/case.ts'
import type { CellProxy } from '../model/cell.ts'
import { usage } from '../model/fault.ts'
import type { Note } from '../model/note.ts'
import type { Supply } from '../model/supply.ts'
import { asksForBoth } from '../plan/loads.ts'
import type { Means } from '../plan/plan.ts'
import { requireAccel, tried } from './bootable.ts'
import { findCapacities, type Keep } from './capacities.ts'
import { obtainKernels } from './kernels.ts'
import { ensurePackages } from './packages.ts'

/** The cases that were asked for, and the positive control, without which "0 resets" would say nothing. */
export async function chooseCases(patterns: string[], note: Note): Promise<Case[]> {
  try {
    const chosen = await selectCases(patterns)
    const mitigations = chosen.some(({ control }) => !control)
    if (!mitigations || chosen.some(({ control }) => control === 'positive')) return chosen
    note('adding the case "none": without a live positive control, 0 resets would be inconclusive')
    return [...(await selectCases(['none'])), ...chosen]
  } catch (error) {
    throw error instanceof NoCase ? usage(error.message, 'npx tsx lab/list.ts cases') : error
  }
}

/**
 * Obtains all that a run needs: host packages, kernels, the proxy, the guest's programs, and what the kernels can do.
 * Warm caches cost nothing.
 *
 * @param keep takes what was found out on the way, for the run's folder
 */
export async function prepare(
  options: Options,
  note: Note,
  signal: AbortSignal,
  keep: Keep = () => {},
): Promise<Means> {
  const supply = supplyFrom(options, note, signal)
  const specs = [...new Set(options.kernel.flatMap(matchKernels))]
  const cases = await chooseCases(options.case, note)
  const virtual = specs.some((spec) => spec !== 'host')
  await ensurePackages({ install: !options['no-install'], note, for: virtual ? 'qemu' : 'host' })
  if (virtual) requireAccel(options.accel)
  const obtained = await obtainKernels(specs, supply)
  const root = { userland: (await userland(supply)).dir, programs: (await programs(supply)).dir }
  const proxies = await obtainProxies(options, supply)
  const means = { accel: options.accel, root, cpus: cpuPairs()[0]!, note, keep, signal }
  const { found, skipped } = await tried(obtained.found, means)
  const capacity = asksForBoth(options) ? await findCapacities(options, found, proxies, means) : () => null
  return { kernels: found, skipped: [...obtained.skipped, ...skipped], cases, root, proxies, capacity }
}

/** Each proxy with each maxaccept that is asked for, else with its own. */
async function obtainProxies({ proxy, maxaccept }: Options, supply: Supply): Promise<CellProxy[]> {
  const found: CellProxy[] = []
  for (const which of proxy) {
    const { path, version } = await haproxy(which, supply)
    for (const most of maxaccept ?? [defaultMaxaccept(version)])
      found.push({ name: 'haproxy', path, version, maxaccept: most })
  }
  return found
}
