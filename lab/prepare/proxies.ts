import { DEFAULT_PROXY, parseProxy, proxyOfTime } from '../../images/proxies/proxies.ts'
import type { CellKernel, CellProxy } from '../model/cell.ts'
import { usage } from '../model/fault.ts'
import type { Request } from '../model/request.ts'
import type { Note } from '../model/text/note.ts'
import { isMissing, type Obtain, proxiesOf } from './obtainable.ts'

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

/** The proxies that were asked for; null where none was. @throws a Fault, see {@link proxiesOf} */
export const askedProxies = async (
  { proxies, proxiesTaken, maxaccepts, only }: Pick<Request, 'proxies' | 'proxiesTaken' | 'maxaccepts' | 'only'>,
  obtain: Obtain,
  note: Note,
): Promise<CellProxy[] | null> =>
  proxies ? proxiesOf({ proxies: only?.proxies ?? proxies, proxiesTaken, maxaccepts }, obtain, note) : null

/** The proxy of a kernel's time; where it cannot be had, the usual one, and a note says so. */
export async function proxiesOfTime(
  { name, series }: Pick<CellKernel, 'name' | 'series'>,
  { maxaccepts }: Pick<Request, 'maxaccepts'>,
  obtain: Obtain,
  note: Note,
): Promise<CellProxy[]> {
  const spec = proxyOfTime(series)
  const take = (one: string) => proxiesOf({ proxies: [one], maxaccepts }, obtain, note)
  if (spec === DEFAULT_PROXY) return take(spec)
  try {
    const found = await take(spec)
    note(`${name} is measured with the proxy of its time, ${spec}; --proxy takes another`)
    return found
  } catch (error) {
    if (!isMissing(error)) throw error
    note(`${name} is measured with ${DEFAULT_PROXY}, not with the proxy of its time: ${error.message}`)
    return take(DEFAULT_PROXY)
  }
}
