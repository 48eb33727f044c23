import type { Load } from '../../../model/case/load.ts'
import type { ResultCell } from '../../../model/result.ts'
import { maxacceptText, proxyTitle } from './conditions.ts'

/** What groups are told apart by. */
export interface Distinct {
  kernel: string
  series: string
  host: boolean
  run?: string
  load: Load
  proxy: ResultCell['proxy']
  conditions: string
}

/** Names of a group, each with no more than tells it from the other groups. */
export interface Labels {
  /** The label with the kernel's full name. Unique among the groups. */
  title: string
  /** The kernel's series and what else differs: "6.1 half", "6.18 host users-20 maxaccept 64". */
  label: string
  /** The label without the load: groups that share it differ in their loads alone. */
  place: string
  /** Load and proxy in a sentence, "under half with nginx": groups that share it differ in their kernels alone. */
  setting: string
  /** The kernel and run alone. */
  where: string
}

/** Names each group by its kernel and by what differs between the groups. */
export function labelled<T extends Distinct>(all: T[]): (T & Labels)[] {
  const proxyLabel = proxyLabels(all.map(({ proxy }) => proxy))
  const severalLoads = isSeveral(all.map(({ load }) => load.name))
  const names = all.map((group) => ({
    load: severalLoads ? group.load.name : '',
    proxy: proxyLabel(group.proxy),
    host: group.host ? 'host' : '',
  }))
  const series = all.map((group, i) => words(group.series, names[i]!.host))
  const sameSeries = ambiguous(series, (i) => all[i]!.kernel)
  const kernels = all.map((group, i) => (sameSeries(i) ? words(group.kernel, names[i]!.host) : series[i]!))
  const withoutRun = all.map((_, i) => words(kernels[i]!, names[i]!.load, names[i]!.proxy))
  const sameInRuns = ambiguous(withoutRun, (i) => all[i]!.run)
  const runs = all.map(({ run }, i) => (sameInRuns(i) ? `(${run})` : ''))
  const keys = all.map((_, i) => words(withoutRun[i]!, runs[i]!))
  /** What else differs where all of that is the same. */
  const rest = (group: T, i: number) => {
    const same = all.filter((_, other) => keys[other] === keys[i])
    const parts = group.conditions
      .split('; ')
      .filter((part) => same.some(({ conditions }) => !conditions.split('; ').includes(part)))
    return parts.length > 0 ? `: ${parts.join('; ')}` : ''
  }
  return all.map((group, i) => {
    const { load, proxy, host } = names[i]!
    const where = words(kernels[i]!, runs[i]!)
    const more = rest(group, i)
    return {
      ...group,
      label: `${words(where, load, proxy)}${more}`,
      title: `${words(group.kernel, host, runs[i]!, load, proxy)}${more}`,
      place: `${words(where, proxy)}${more}`,
      setting: words(load && `under ${load}`, proxy && `with ${proxy}`),
      where,
    }
  })
}

const words = (...parts: string[]) => parts.filter((part) => part !== '').join(' ')
const isSeveral = (values: unknown[]) => new Set(values).size > 1

/** Names proxies by what differs between them: "nginx", "haproxy 2.6.12", "maxaccept 64". */
function proxyLabels(all: ResultCell['proxy'][]): (proxy: ResultCell['proxy']) => string {
  const severalNames = isSeveral(all.map(({ name }) => name))
  return (proxy) => {
    const same = all.filter(({ name }) => name === proxy.name)
    const versions = isSeveral(same.map(({ version }) => version))
    const maxaccepts = isSeveral(same.map(({ maxaccept }) => maxaccept))
    return words(
      versions ? proxyTitle(proxy) : severalNames ? proxy.name : '',
      maxaccepts ? `maxaccept ${maxacceptText(proxy.maxaccept)}` : '',
    )
  }
}

/** Whether a name stands for several things that it should tell apart, by the place of the name. */
function ambiguous(names: string[], distinct: (i: number) => unknown): (i: number) => boolean {
  const found = new Map<string, Set<unknown>>()
  for (const [i, name] of names.entries()) found.set(name, (found.get(name) ?? new Set()).add(distinct(i)))
  return (i) => found.get(names[i]!)!.size > 1
}
