import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { lockFolder } from '../guest/cpus/lock.ts'
import type { Pair } from '../guest/cpus/pairs.ts'
import { CpuPool } from '../guest/cpus/pool.ts'
import { cpuPairs } from '../guest/cpus/topology.ts'

/**
 * The CPUs of a worker that runs one guest: it moves to each pair that it gets with all that it starts, as Swarm counts
 * CPUs and gives none in particular.
 */
export const confinedCpus = () => new CpuPool(cpuPairs(), lockFolder(), moveTo)

/** All threads of this process, and what it starts, may use these two CPUs only. */
const moveTo = async ({ proxy, generator }: Pair) =>
  void (await promisify(execFile)('taskset', ['-a', '-p', '-c', `${proxy},${generator}`, String(process.pid)]))
