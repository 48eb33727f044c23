import { cpuNumbers, pairsOf, slotsOf } from '../../../guest/cpus/pairs.ts'
import type { Machine } from '../../remote/protocol.ts'

/** How many boots a node carries at a time. */
export interface Room {
  slots: number
  /** CPUs that each boot reserves there, so that Swarm places no more than that. It need not be a whole number. */
  share: number
}

/**
 * A worker takes the whole cores of its two CPUs. Swarm knows nothing of cores: it would place two boots on four threads of
 * two cores, where the second waits for CPUs and disturbs the first meanwhile.
 *
 * @param cpus how many Swarm counts there
 */
export function roomOf(cpus: number, { allowed, cores }: Pick<Machine, 'allowed' | 'cores'>): Room {
  const pairs = pairsOf(cpuNumbers(allowed), cores)
  const slots = slotsOf(pairs)
  const whole = Math.max(...pairs.map(({ cores }) => cores.length), 2)
  // Cores need not have equally many threads, and the worker need not be allowed all that Swarm counts.
  return { slots, share: Math.floor(cpus / whole) === slots ? whole : cpus / slots }
}
