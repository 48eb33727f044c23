import { contentSha256 } from '../../../images/cache/hash.ts'
import {
  findSeries,
  isMachine,
  isPath,
  matchKernels,
  rangeVersion,
  seriesOf,
} from '../../../images/kernels/catalogue.ts'
import {
  DEFAULT_PROXY,
  isOfDistribution,
  parseProxy,
  proxyMistake,
  proxyNamed,
  proxyOfTime,
} from '../../../images/proxies/proxies.ts'
import type { LoadedCase } from '../../model/case/case.ts'
import type { Request } from '../../model/request.ts'
import type { Foreseen, ForeseenProxy } from '../../plan/foreseen.ts'
import { chooseCases } from '../../prepare/cases.ts'
import { seriesNamed } from '../../prepare/obtainable.ts'
import { proxyNames } from '../../prepare/proxies.ts'

/**
 * What requests come to, as far as the command line alone tells: nothing is fetched, and this machine is not looked at, so
 * that all shards of a run foresee the same.
 *
 * @param experiments of which each request is a row; null: of none
 */
export async function foresee(requests: Request[], experiments: (string | null)[]): Promise<Foreseen[]> {
  const all: Foreseen[] = []
  const chosen = new Map<string, LoadedCase[]>()
  for (const [i, request] of requests.entries()) {
    // Many rows ask for the same.
    const key = JSON.stringify([request.cases, request.proxies])
    const cases = chosen.get(key) ?? (await chooseCases(request.cases, proxyNames(request), () => {}))
    chosen.set(key, cases)
    const kernels = [...new Set(request.kernels.flatMap(matchKernels))].map((spec) => {
      const series = seriesForeseen(spec)
      return { spec, series, proxies: proxiesForeseen(request, oldestForeseen(spec)) }
    })
    all.push({ request, experiment: experiments[i] ?? null, cases, kernels })
  }
  return all
}

/** What tells the shards of one command from those of another: a short hash. */
export const commandOf = (all: Foreseen[]): string =>
  contentSha256(JSON.stringify(all.map(({ request, experiment, cases }) => [request, experiment, cases]))).slice(0, 16)

/** The series by which ranges judge a kernel; null where only the machine knows, or the day: those that move on with Debian. */
export function seriesForeseen(spec: string): string | null {
  if (spec === 'host' || isMachine(spec) || isPath(spec)) return null
  const series = findSeries(spec)
  if (series) return series.from ? null : rangeVersion(series)
  return seriesOf(spec)
}

/** The oldest series that it can be, by which it has the proxy of its time; null where only the machine knows. */
export function oldestForeseen(spec: string): string | null {
  const series = findSeries(spec)
  return series ? rangeVersion(series) : seriesForeseen(spec)
}

function proxiesForeseen({ proxies, proxiesTaken }: Request, oldest: string | null): ForeseenProxy[] {
  if (proxies === null) return [proxyOfTimeForeseen(oldest)]
  const all = [...new Set(proxies.flatMap(seriesNamed))]
  // Which of them it will be only the machine can tell.
  if (proxiesTaken === 'first') return [{ ...proxyForeseen(all[0]!), spec: all.join(' or '), version: null }]
  return all.map(proxyForeseen)
}

/** The proxy that a kernel has where none is asked for; its version is not known where the kernel's is not. */
export const proxyOfTimeForeseen = (series: string | null): ForeseenProxy =>
  series === null
    ? { ...proxyForeseen(DEFAULT_PROXY), spec: null, version: null }
    : { ...proxyForeseen(proxyOfTime(series)), spec: null }

function proxyForeseen(spec: string): ForeseenProxy {
  // An experiment may name a series that no suite of this lab has.
  const kind = proxyNamed(spec.split(':')[0]!)
  const { name, title } = kind
  const which = proxyMistake(spec) === null ? parseProxy(spec).which : null
  const version = which === null || which.includes('/') || isOfDistribution(spec) ? null : which
  const maxaccept = version === null ? null : kind.defaultMaxaccept(version)
  return { spec, name, title, version, likely: { proxy: `${name}:${which ?? spec}`, maxaccept } }
}
