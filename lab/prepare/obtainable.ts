import { Distrusted } from '../../images/debian/signature.ts'
import { type ObtainedProxy, obtainProxy } from '../../images/proxies/obtain.ts'
import { isOfDistribution, parseProxy, proxyMistake, proxyNamed } from '../../images/proxies/proxies.ts'
import { proxyOfMachine } from '../guest/vagrant/distribution.ts'
import type { CellProxy } from '../model/cell.ts'
import { EXIT, Fault, notReady } from '../model/fault.ts'
import type { Request } from '../model/request.ts'
import type { Supply } from '../model/supply.ts'
import type { Note } from '../model/text/note.ts'

/** Obtains a proxy as `--proxy` names it. */
export type Obtain = (spec: string) => Promise<ObtainedProxy>

/** Obtains proxies for several requests. */
export interface Obtainer {
  /**
   * @param tls whether they must have TLS
   * @param machine the one that has the proxy of a distribution
   */
  with: (tls: boolean, machine?: string) => Obtain
  /** Debian's version of each that was built from its sources, so far. */
  sources: Record<string, string>
}

/** Obtains each proxy once, whether that succeeds or not: what cannot be had keeps one waiting. */
export function proxyObtainer(supply: Supply): Obtainer {
  const known = new Map<string, Promise<ObtainedProxy>>()
  const sources: Record<string, string> = {}
  async function obtain(spec: string, tls: boolean, machine?: string): Promise<ObtainedProxy> {
    const parsed = parseProxy(spec)
    const found = machine
      ? await proxyOfMachine(machine, parsed.proxy, supply)
      : await obtainProxy(parsed, supply, { tls })
    if (found.debian) sources[`${parsed.proxy.name} ${found.version}`] = found.debian
    return found
  }
  return {
    with: (tls, machine) => (spec) => {
      const its = isOfDistribution(spec) ? machine : undefined
      const key = JSON.stringify([spec, tls, its])
      const found = known.get(key) ?? obtain(spec, tls, its)
      known.set(key, found)
      return found
    },
    sources,
  }
}

/** Proxies that are asked for, see lab/model/request.ts. */
type Asked = Pick<Request, 'proxiesTaken' | 'maxaccepts'> & { proxies: string[] }

/**
 * The proxies of a request, each with each maxaccept that is asked for, else with its own.
 *
 * @throws a Fault when one that must be there cannot be obtained, or when none of those that may be there can
 */
export async function proxiesOf(request: Asked, obtain: Obtain, note: Note): Promise<CellProxy[]> {
  const found: CellProxy[] = []
  for (const { spec, path, version } of await obtained(request, obtain, note)) {
    const { proxy } = parseProxy(spec)
    for (const maxaccept of request.maxaccepts ?? [proxy.defaultMaxaccept(version)])
      found.push({ name: proxy.name, path, version, maxaccept })
  }
  return found
}

type Found = { spec: string } & ObtainedProxy

async function obtained({ proxies, proxiesTaken = 'all' }: Asked, obtain: Obtain, note: Note): Promise<Found[]> {
  const found: Found[] = []
  const passed: string[] = []
  for (const spec of new Set(proxies.flatMap(seriesNamed))) {
    try {
      // An experiment may name a series that no suite of this lab has.
      const mistake = proxiesTaken === 'all' ? null : proxyMistake(spec)
      if (mistake !== null) throw notReady(mistake)
      found.push({ spec, ...(await obtain(spec)) })
      if (proxiesTaken === 'first') break
    } catch (error) {
      if (proxiesTaken === 'all' || !isMissing(error)) throw error
      passed.push(`${spec}: ${error.message}`)
    }
  }
  if (!found.length)
    throw notReady(
      `none of the proxies can be had:\n${passed.join('\n')}`,
      'a proxy of your own: --proxy haproxy:./haproxy',
    )
  for (const line of passed) note(`without ${line}`)
  return found
}

/** Whether a proxy cannot be had, and not that what was had is not to be trusted. */
export const isMissing = (error: unknown): error is Fault =>
  error instanceof Fault && error.exit === EXIT.notReady && !(error instanceof Distrusted)

/** `haproxy:*` stands for all series that the lab knows. */
export function seriesNamed(spec: string): string[] {
  const [, name] = /^([^:]+):\*$/.exec(spec) ?? []
  return name ? Object.keys(proxyNamed(name).series).map((series) => `${name}:${series}`) : [spec]
}
