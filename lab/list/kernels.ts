import { type Availability, availabilities } from '../../images/kernels/availability.ts'
import { KERNELS, rangeVersion } from '../../images/kernels/catalogue.ts'
import { DEFAULT_PROXY, parseProxy, proxyOfTime } from '../../images/proxies/proxies.ts'
import type { LoadedCase } from '../model/case/case.ts'
import { isFor } from '../model/case/resolve.ts'
import type { Supply } from '../model/supply.ts'
import { type Obstacle, obstacle } from '../plan/plan.ts'
import { featuresSince, knownFeatures } from '../prepare/features.ts'
import { plainTable } from '../render/terminal/plain.ts'
import { ruled } from '../render/terminal/ruled.ts'

/** A series with the cases that can run on it: by what its guest said, if it ever was probed, else by its version. */
export type ListedKernel = Availability & { probed: boolean; runs: string[]; not: ({ case: string } & Obstacle)[] }

/** What each series is and has, and what can run on it with the proxy of its time. */
export async function listKernels(cases: LoadedCase[], supply: Supply): Promise<ListedKernel[]> {
  const listed = (await availabilities(KERNELS, supply)).map(async (series, i) => {
    const version = rangeVersion(KERNELS[i]!, series.cached?.name)
    const probed = series.cached && (await knownFeatures(series.cached.sha256))
    const features = probed ?? featuresSince(version)
    const { proxy, which } = parseProxy(proxyOfTime(version))
    const found = cases
      .filter((theCase) => isFor(theCase, proxy.name))
      .map((theCase) => ({
        name: theCase.name,
        obstacle: obstacle(theCase, { series: version, features }, { ...proxy, version: which }),
      }))
    return {
      ...series,
      probed: probed !== null,
      runs: found.filter((one) => !one.obstacle).map((one) => one.name),
      not: found.flatMap((one) => (one.obstacle ? [{ case: one.name, ...one.obstacle }] : [])),
    }
  })
  return Promise.all(listed)
}

const OWN: [kernel: string, from: string, what: string][] = [
  ['host', 'here', 'the running kernel, in fresh namespaces: native speed'],
  ['PATH', 'you', 'a bzImage, .deb, directory of .debs, built kernel tree, or /boot with /lib/modules'],
]

/** Kernels in a line each. */
export const shortKernelTable = (all: ListedKernel[], width: number): string =>
  plainTable(
    ['kernel', 'from', 'cached here', `cases that run with ${parseProxy(DEFAULT_PROXY).proxy.title}`],
    [
      ...all.map((kernel) => [
        [kernel.series, ...kernel.aliases].join(', '),
        placeOf(kernel).replace('\n', ', '),
        kernel.cached ? (kernel.cached.version ?? kernel.cached.name) : 'no',
        `${kernel.runs.length} of ${kernel.runs.length + kernel.not.length}`,
      ]),
      ...OWN.map(([kernel, from]) => [kernel, from]),
    ],
    width,
    { align: 'left' },
  )

/** Kernels with their packages, what cannot run on them and why, and what changed in them. */
export function kernelTable(all: ListedKernel[], width: number): string {
  return ruled(
    [
      'kernel',
      'from',
      'package',
      'cached here',
      `cases that run with ${parseProxy(DEFAULT_PROXY).proxy.title}`,
      'what changed for this lab',
    ],
    [
      ...all.map((kernel) => [
        [kernel.series, ...kernel.aliases].join('\n'),
        placeOf(kernel),
        kernel.package,
        cachedAs(kernel),
        runnable(kernel),
        kernel.changed,
      ]),
      ...OWN.map(([kernel, from, what]) => [kernel, from, '', '', '', what]),
    ],
    width,
  )
}

const placeOf = ({ origin, reachable }: ListedKernel) =>
  reachable === null ? origin : `${origin}\n${reachable ? 'reachable' : 'out of reach'}`

function cachedAs({ cached, locked }: ListedKernel): string {
  if (cached) return cached.version ?? cached.name
  return locked ? `no; locked: ${locked}` : 'no'
}

function runnable({ probed, runs, not }: ListedKernel): string {
  const known = probed ? '' : 'by its version: '
  if (!not.length) return `${known}all ${runs.length}`
  if (not.length >= runs.length) return known + runs.join(', ')
  const byReason = new Map<string, string[]>()
  for (const { case: name, feature, reason } of not) {
    const why = feature ? `no ${feature}` : reason
    byReason.set(why, [...(byReason.get(why) ?? []), name])
  }
  return `${known}all but ${[...byReason].map(([why, names]) => `${names.join(', ')} (${why})`).join(', ')}`
}
