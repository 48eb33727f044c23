import { matchKernels } from '../../../images/kernels/catalogue.ts'
import { PROXIES, parseProxy, proxyOfTime } from '../../../images/proxies/proxies.ts'
import { type CellProxy, proxyName } from '../../model/cell.ts'
import type { MeasuredKernel, Prepared } from '../../model/prepared.ts'
import type { Request } from '../../model/request.ts'
import { planExperiments } from '../../plan/experiments.ts'
import { capacityLoad } from '../../plan/loads.ts'
import { planAll } from '../../plan/plan.ts'
import { chooseCases } from '../../prepare/cases.ts'
import { seriesNamed } from '../../prepare/obtainable.ts'
import { proxyNames } from '../../prepare/proxies.ts'
import type { Asked } from './asked.ts'

// What a run would be planned from where all that it asks for can be had, and nothing is known of what guests tell.

/** The series of a kernel as it may be found: those that move on with Debian are newer than all others here. */
export const seriesFound = (spec: string): string => (/^\d+\.\d/.test(spec) ? spec : '7.1')

const ready = (spec: string, proxies: CellProxy[]): MeasuredKernel => {
  const series = seriesFound(spec)
  return {
    specs: [spec],
    kernel: { name: spec, series, sha256: spec, image: '/x', modules: null, features: null },
    ...{ guest: 'qemu', accel: 'tcg', origin: 'yours', version: null, packageSha256: null, config: null },
    ...{ unprobed: null, proxies },
  }
}

/** The proxies that a request finds, where each that it names can be had. */
function proxiesOf({ proxies, proxiesTaken, maxaccepts, only }: Request, spec: string): CellProxy[] {
  const all = (only?.proxies ?? proxies)?.flatMap(seriesNamed) ?? [proxyOfTime(seriesFound(spec))]
  return (proxiesTaken === 'first' ? all.slice(0, 1) : all).flatMap((one) => {
    const { proxy, which } = parseProxy(one)
    const version = `${which}.1`
    return (maxaccepts ?? [proxy.defaultMaxaccept(version)]).map((maxaccept) => ({
      ...{ name: proxy.name, version, maxaccept, path: '/x' },
    }))
  })
}

const known = new Map<string, Promise<Prepared['cases']>>()
/** The same cases are chosen again and again. */
function casesOf(request: Request) {
  const key = JSON.stringify([request.cases, request.proxies])
  const found = known.get(key) ?? chooseCases(request.cases, proxyNames(request), () => {})
  known.set(key, found)
  return found
}

async function preparedFor(request: Request): Promise<Prepared> {
  const kernels = request.kernels.flatMap(matchKernels).map((spec) => ready(spec, proxiesOf(request, spec)))
  return {
    kernels,
    cases: await casesOf(request),
    capacities: kernels.flatMap(({ kernel, proxies }) =>
      proxies.map((proxy) => ({
        ...{ kernel: kernel.name, proxy: proxyName(proxy), perSecond: 1000 },
        ...{ load: capacityLoad(request), machine: { cpu: 'a CPU', cpus: 2, kernel: '6.1' } },
      })),
    ),
    ...{ skipped: [], sources: {}, root: { userland: '/x', programs: '/x' }, traits: PROXIES },
  }
}

/** The plan of what is asked for. */
export async function planOf({ requests, rows, several }: Asked) {
  const prepared = await Promise.all(requests.map(preparedFor))
  return rows.length
    ? planExperiments(rows, prepared, several)
    : { ...planAll(requests, prepared, several), experiments: [] }
}
