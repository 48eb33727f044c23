import type { Cpus } from './guest.ts'
import { allowedCpus } from './threads.ts'

/** A list of CPUs ("0-2,5") as numbers. */
export const cpuNumbers = (list: string): number[] =>
  list.split(',').flatMap((part) => {
    const [first, last = first] = part.split('-').map(Number) as [number, number?]
    return Array.from({ length: last! - first! + 1 }, (_, i) => first! + i)
  })

/** CPUs in pairs, one pair for each guest. An odd CPU is left out; a single one makes a pair with itself. */
export function pairsOf(cpus: number[]): Cpus[] {
  const half = Math.max(1, Math.floor(cpus.length / 2))
  return Array.from({ length: half }, (_, i) => ({ proxy: cpus[2 * i]!, generator: cpus[2 * i + 1] ?? cpus[2 * i]! }))
}

/** The CPUs that the lab may use, in pairs. At least one. */
export const cpuPairs = () => pairsOf(cpuNumbers(allowedCpus('self')))

/** The pair for a guest that runs alone. */
export const firstPair = (): Cpus => cpuPairs()[0]!
