import { DEFAULT_PROXY, isOfDistribution, parseProxy, proxyOfTime } from '../../images/proxies/proxies.ts'
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

/** What a request says of proxies. */
type Asked = Pick<Request, 'proxies' | 'proxiesTaken' | 'maxaccepts' | 'only'>

const takenOf = ({ proxies, only }: Pick<Asked, 'proxies' | 'only'>): string[] | null =>
  proxies && (only?.proxies ?? proxies)

/** Obtains those that were asked for and are the same on each kernel. @throws a Fault, see {@link proxiesOf} */
export async function requireProxies({ proxiesTaken, maxaccepts, ...asked }: Asked, obtain: Obtain, note: Note) {
  const proxies = takenOf(asked)?.filter((spec) => !isOfDistribution(spec)) ?? []
  if (proxies.length) await proxiesOf({ proxies, proxiesTaken, maxaccepts }, obtain, note)
}

/**
 * The proxies of a kernel: those that were asked for, else the one of its time.
 *
 * @param obtain where the kernel is that of a machine, also from there
 * @throws a Fault, see {@link proxiesOf}
 */
export async function proxiesOn(
  kernel: Pick<CellKernel, 'name' | 'series'>,
  request: Asked,
  obtain: Obtain,
  note: Note,
): Promise<CellProxy[]> {
  const proxies = takenOf(request)
  return proxies ? proxiesOf({ ...request, proxies }, obtain, note) : proxiesOfTime(kernel, request, obtain, note)
}

/** The proxy of a kernel's time; where it cannot be had, the usual one, and a note says so. */
async function proxiesOfTime(
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
