import { readdirSync, readFileSync } from 'node:fs'
import { allowedCpus } from '../threads.ts'
import { cpuNumbers, type Pair, pairsOf } from './pairs.ts'

const CPUS = '/sys/devices/system/cpu'

/**
 * The physical cores of this machine, each a list of its threads; empty where the kernel does not tell, as in some
 * virtual machines. Such a machine may tell what its own hypervisor does not keep: that cannot be seen from within.
 */
export function readCores(folder = CPUS): number[][] {
  const lists = names(folder).flatMap((cpu) => read(`${folder}/${cpu}/topology/thread_siblings_list`) || [])
  return [...new Set(lists)].map(cpuNumbers).sort(([a], [b]) => a! - b!)
}

const names = (folder: string) => {
  try {
    return readdirSync(folder).filter((name) => /^cpu\d+$/.test(name))
  } catch {
    return []
  }
}

/** A CPU that is offline has no topology. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return ''
  }
}

let known: Pair[] | undefined

/** The CPUs that this process could use when it first asked, in pairs. At least one. */
export function cpuPairs(): Pair[] {
  known ??= pairsOf(cpuNumbers(allowedCpus('self')), readCores())
  return known
}

/** The pair for a guest that runs alone. */
export const firstPair = (): Pair => cpuPairs()[0]!
