import type { Cpus } from '../guest.ts'

/** Two CPUs for one boot. */
export interface Pair extends Cpus {
  /** All CPUs of the physical cores that they are threads of, in order: what runs on one of those slows this boot. */
  cores: number[]
  /** Whether both are threads of one core, so that proxy and generator slow each other. */
  oneCore: boolean
}

/** A list of CPUs ("0-2,5") as numbers. */
export const cpuNumbers = (list: string): number[] =>
  list.split(',').flatMap((part) => {
    const [first, last = first] = part.split('-').map(Number) as [number, number?]
    return Array.from({ length: last! - first! + 1 }, (_, i) => first! + i)
  })

/**
 * CPUs in pairs, one pair for each boot, those first that have cores of their own. The two of a pair are threads of
 * different cores where there are any. An odd CPU is left out; a single one makes a pair with itself.
 *
 * @param cpus at least one
 * @param cores of the machine, as lists of their threads. A CPU of which they know nothing is a core of its own.
 */
export function pairsOf(cpus: number[], cores: number[][] = []): Pair[] {
  const coreOf = (cpu: number) => cores.find((core) => core.includes(cpu)) ?? [cpu]
  const mine = [
    ...new Set(
      cpus.map((cpu) =>
        coreOf(cpu)
          .filter((thread) => cpus.includes(thread))
          .join(),
      ),
    ),
  ].map(cpuNumbers)
  // First one thread of each core, then the next of each: neighbours in this row are of different cores.
  const most = Math.max(...mine.map(({ length }) => length))
  const row = Array.from({ length: most }, (_, nth) => mine.flatMap((core) => core[nth] ?? [])).flat()
  return Array.from({ length: Math.max(1, Math.floor(row.length / 2)) }, (_, i) => {
    const [proxy, generator = proxy] = row.slice(2 * i, 2 * i + 2) as [number, number?]
    const both = [...new Set([coreOf(proxy), coreOf(generator!)].flat())].sort((a, b) => a - b)
    const oneCore = proxy !== generator && coreOf(proxy).includes(generator!)
    return { proxy, generator: generator!, cores: both, oneCore }
  })
}

/** How many boots at a time have cores of their own. */
export function slotsOf(pairs: Pair[]): number {
  const taken = new Set<number>()
  const apart = pairs.filter(({ cores }) => {
    if (cores.some((cpu) => taken.has(cpu))) return false
    for (const cpu of cores) taken.add(cpu)
    return true
  })
  return apart.length
}
