import type { Range } from '../../lab/model/case/case.ts'
import { inRange } from '../../lab/model/text/range.ts'
import { either, meant } from '../../lab/model/text/spelling.ts'
import { haproxy } from './haproxy.ts'
import { nginx } from './nginx.ts'
import type { ProxyKind } from './proxy.ts'

/** Every proxy that the lab knows; the first is measured when nothing else is said. */
export const PROXIES: readonly ProxyKind[] = [haproxy, nginx]

/** What is measured when nothing else is said, but for old kernels: see {@link proxyOfTime}. */
export const DEFAULT_PROXY = `${PROXIES[0]!.name}:${PROXIES[0]!.defaultSeries}`

/** Kernels that are older than that proxy, and the one of their time: what Debian had beside them, or had soon after. */
const OF_THE_TIME: { linux: Range; proxy: string }[] = [
  { linux: { below: '4.9' }, proxy: 'haproxy:1.5' },
  // The article's.
  { linux: { from: '4.9', below: '4.10' }, proxy: 'haproxy:1.7' },
]

/** What is measured on a kernel when nothing else is said, by its series: the proxy of its time. */
export const proxyOfTime = (series: string): string =>
  OF_THE_TIME.find(({ linux }) => inRange(series, linux))?.proxy ?? DEFAULT_PROXY

/** The series that stands for the program that the distribution of a machine has: haproxy:distribution. */
export const DISTRIBUTION = 'distribution'

/** Whether a proxy is that of a distribution, so that each machine has its own. */
export const isOfDistribution = (spec: string) => split(spec)[1] === DISTRIBUTION

/** A proxy as `--proxy` names it. */
export interface ProxySpec {
  proxy: ProxyKind
  /** A series that Debian has, {@link DISTRIBUTION}, or the path of a static program (anything with a slash). */
  which: string
}

/** @throws an Error where the lab knows no such proxy */
export function proxyNamed(name: string): ProxyKind {
  const found = PROXIES.find((proxy) => proxy.name === name)
  if (!found) throw new Error(`the lab knows no proxy ${name}`)
  return found
}

const split = (spec: string) => /^([^:]*):?(.*)$/s.exec(spec)!.slice(1) as [name: string, which: string]

/** Reads what {@link proxyMistake} finds nothing wrong with: nginx, nginx:1.22, nginx:./my-nginx. */
export function parseProxy(spec: string): ProxySpec {
  const [name, which] = split(spec)
  const proxy = proxyNamed(name)
  return { proxy, which: which || proxy.defaultSeries }
}

/** What is wrong with a proxy that was asked for, to be read after it and a colon; null when nothing is. */
export function proxyMistake(spec: string): string | null {
  const [name, which] = split(spec)
  const names = PROXIES.map((proxy) => proxy.name)
  const proxy = PROXIES.find((proxy) => proxy.name === name)
  if (!proxy) return `no such proxy${meant(name, names)}; expected ${either(names)}, or with a series: ${DEFAULT_PROXY}`
  if ((!which && !spec.includes(':')) || which.includes('/') || proxy.series[which]) return null
  if (which === DISTRIBUTION && proxy.distribution) return null
  return `no such series; choose from ${Object.keys(proxy.series).join(', ')}, or the path of a static binary`
}

/** Proxies, each once, with what they leave out: haproxy is haproxy:2.6. Mistaken ones stay as they are. */
export const fullSpecs = (specs: string[]): string[] => [
  ...new Set(
    specs.map((spec) => {
      if (proxyMistake(spec) !== null) return spec
      const { proxy, which } = parseProxy(spec)
      return `${proxy.name}:${which}`
    }),
  ),
]
