import { Distrusted } from '../../images/debian/signature.ts'
import { obtainProxy } from '../../images/proxies/obtain.ts'
import { DEFAULT_PROXY, parseProxy, proxyOfTime } from '../../images/proxies/proxies.ts'
import type { CellKernel, CellProxy } from '../model/cell.ts'
import { EXIT, Fault, usage } from '../model/fault.ts'
import type { Request } from '../model/request.ts'
import type { Supply } from '../model/supply.ts'

/** The names of the proxies that a run can have. */
export const proxyNames = ({ proxies }: Pick<Request, 'proxies'>): string[] =>
  (proxies ?? [DEFAULT_PROXY]).map((spec) => parseProxy(spec).proxy.name)

/** @throws a Fault (exit 2) where a proxy cannot accept so many connections in one go as are asked for */
export function requireMaxaccept({ proxies, maxaccepts }: Request) {
  const wrong = (proxies ?? [DEFAULT_PROXY]).flatMap((spec) => {
    const { title, refusesMaxaccept } = parseProxy(spec).proxy
    const refused = (most: number) => refusesMaxaccept?.(most) ?? []
    return (maxaccepts ?? []).flatMap((most) =>
      [refused(most)].flat().map((takes) => `--maxaccept ${most}: ${title} accepts ${takes}`),
    )
  })
  if (wrong.length) throw usage([...new Set(wrong)].join('\n'))
}

/** The proxies that were asked for, each with each maxaccept that was, else with its own; null where none was. */
export async function askedProxies(
  { proxies, maxaccepts }: Pick<Request, 'proxies' | 'maxaccepts'>,
  supply: Supply,
): Promise<CellProxy[] | null> {
  if (!proxies) return null
  const found: CellProxy[] = []
  for (const spec of proxies) found.push(...(await obtain(spec, maxaccepts, supply)))
  return found
}

/** The proxy of a kernel's time; where it cannot be had, the usual one, and a note says so. */
export async function proxiesOfTime(
  { name, series }: Pick<CellKernel, 'name' | 'series'>,
  { maxaccepts }: Pick<Request, 'maxaccepts'>,
  supply: Supply,
): Promise<CellProxy[]> {
  const spec = proxyOfTime(series)
  if (spec === DEFAULT_PROXY) return obtain(spec, maxaccepts, supply)
  try {
    const found = await obtain(spec, maxaccepts, supply)
    supply.note(`${name} is measured with the proxy of its time, ${spec}; --proxy takes another`)
    return found
  } catch (error) {
    if (!(error instanceof Fault && error.exit === EXIT.notReady) || error instanceof Distrusted) throw error
    supply.note(`${name} is measured with ${DEFAULT_PROXY}, not with the proxy of its time: ${error.message}`)
    return obtain(DEFAULT_PROXY, maxaccepts, supply)
  }
}

async function obtain(spec: string, maxaccepts: Request['maxaccepts'], supply: Supply): Promise<CellProxy[]> {
  const parsed = parseProxy(spec)
  const { path, version } = await obtainProxy(parsed, supply)
  const { name, defaultMaxaccept } = parsed.proxy
  return (maxaccepts ?? [defaultMaxaccept(version)]).map((maxaccept) => ({ name, path, version, maxaccept }))
}
