import { resolve } from 'node:path'
import { NoCase, selectCases } from '../../cases/load.ts'
import { matchKernels } from '../../images/kernels/catalogue.ts'
import { obtainProxy } from '../../images/proxies/obtain.ts'
import { PROXIES, parseProxy } from '../../images/proxies/proxies.ts'
import { programs } from '../../images/userland/programs.ts'
import { userland } from '../../images/userland/userland.ts'
import type { Options } from '../cli/options.ts'
import { GUESTS, guestFor } from '../guest/guests.ts'
import { named } from '../guest/parts.ts'
import type { LoadedCase } from '../model/case.ts'
import type { CellProxy } from '../model/cell.ts'
import { usage } from '../model/fault.ts'
import type { Note } from '../model/note.ts'
import { isFor, mistakesOn } from '../model/resolve.ts'
import { asksForBoth } from '../plan/loads.ts'
import type { Means } from '../plan/plan.ts'
import { requireAccel, tryKernels } from './bootable.ts'
import { findCapacities, type Keep } from './capacities.ts'
import { obtainKernels } from './kernels.ts'
import { ensurePackages } from './packages.ts'

const isGlob = (pattern: string) => /[*?]/.test(pattern)

/**
 * The cases that were asked for, and the positive control, without which "0 resets" would say nothing. A glob stands for
 * the cases that some proxy of the run is for; what is named is kept, so that the plan can say why it does not run.
 *
 * @param proxies names of the run's proxies
 * @throws a Fault (exit 2) with all that is wrong with them
 */
export async function chooseCases(patterns: string[], proxies: string[], note: Note): Promise<LoadedCase[]> {
  try {
    const named = await selectCases(patterns.filter((pattern) => !isGlob(pattern)))
    const all = await selectCases(patterns)
    const chosen = all.filter(
      (one) => named.some(({ name }) => name === one.name) || proxies.some((proxy) => isFor(one, proxy)),
    )
    const wrong = chosen.flatMap((one) => mistakesOn(one, PROXIES).map((mistake) => `the case ${one.name}: ${mistake}`))
    if (wrong.length) throw usage(wrong.join('\n'))
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
  useMirrors(options)
  requireMaxaccept(options)
  const specs = [...new Set(options.kernel.flatMap(matchKernels))]
  const cases = await chooseCases(
    options.case,
    options.proxy.map((spec) => parseProxy(spec).proxy.name),
    note,
  )
  const guests = [...new Set(specs.map(guestFor))]
  await ensurePackages({ install: !options['no-install'], note, for: guests })
  if (guests.some((guest) => GUESTS[guest].accelerators.includes('kvm'))) requireAccel(options.accel)
  const obtained = await obtainKernels(specs, note)
  const root = { userland: (await userland({ note })).dir, programs: (await programs({ note })).dir }
  const proxies = await obtainProxies(options, note)
  const means = { accel: options.accel, root, note, keep, signal }
  const { found, skipped } = await tryKernels(obtained.found, means)
  const capacity = asksForBoth(options) ? await findCapacities(options, found, proxies, means) : () => null
  return {
    kernels: await Promise.all(found.map(named)),
    skipped: [...obtained.skipped, ...skipped],
    cases,
    root: (await named({ root })).root,
    proxies: (await Promise.all(proxies.map((proxy) => named({ proxy })))).map(({ proxy }) => proxy),
    traits: PROXIES,
    capacity,
  }
}

/** @throws a Fault (exit 2) where a proxy cannot accept so many connections in one go as are asked for */
function requireMaxaccept({ proxy: specs, maxaccept }: Options) {
  const wrong = specs.flatMap((spec) => {
    const { title, refusesMaxaccept } = parseProxy(spec).proxy
    const refused = (most: number) => refusesMaxaccept?.(most) ?? []
    return (maxaccept ?? []).flatMap((most) =>
      [refused(most)].flat().map((takes) => `--maxaccept ${most}: ${title} accepts ${takes}`),
    )
  })
  if (wrong.length) throw usage([...new Set(wrong)].join('\n'))
}

/** Each proxy with each maxaccept that is asked for, else with its own. */
async function obtainProxies({ proxy: specs, maxaccept }: Options, note: Note): Promise<CellProxy[]> {
  const found: CellProxy[] = []
  for (const spec of specs) {
    const parsed = parseProxy(spec)
    const { path, version } = await obtainProxy(parsed, { note })
    for (const most of maxaccept ?? [parsed.proxy.defaultMaxaccept(version)])
      found.push({ name: parsed.proxy.name, path, version, maxaccept: most })
  }
  return found
}

/** The options say the same as the environment variables that images/debian/mirrors.ts reads, and win. */
function useMirrors({ mirror, archive, snapshot, keyring, offline }: Options) {
  const given = { mirror, archive, snapshot, keyring: keyring && resolve(keyring), offline: offline ? '1' : undefined }
  for (const [name, value] of Object.entries(given)) if (value) process.env[`HITLESS_${name.toUpperCase()}`] = value
}
