import { type Availability, availabilities } from '../../images/kernels/availability.ts'
import { KERNELS, rangeVersion } from '../../images/kernels/catalogue.ts'
import { DEFAULT_PROXY, parseProxy, proxyOfTime } from '../../images/proxies/proxies.ts'
import type { LoadedCase } from '../model/case/case.ts'
import { isFor } from '../model/case/resolve.ts'
import type { Supply } from '../model/supply.ts'
import { type Obstacle, obstacle } from '../plan/plan.ts'
import { featuresSince, knownFeatures } from '../prepare/features.ts'
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

/** Kernels as a table. */
export function kernelTable(all: ListedKernel[], width: number): string {
  const own: [string, string, string][] = [
    ['host', 'here', 'the running kernel, in fresh namespaces: native speed'],
    ['PATH', 'you', 'a bzImage, .deb, directory of .debs, built kernel tree, or /boot with /lib/modules'],
  ]
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
      ...own.map(([kernel, from, what]) => [kernel, from, '', '', '', what]),
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
  const without = not.map((one) => `${one.case} (${one.feature ? `no ${one.feature}` : one.reason})`)
  return known + (not.length < runs.length ? `all but ${without.join(', ')}` : runs.join(', '))
}
