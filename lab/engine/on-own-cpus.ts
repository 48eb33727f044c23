import type { Pair } from '../guest/cpus/pairs.ts'
import type { CpuPool } from '../guest/cpus/pool.ts'
import type { Outcome } from '../model/outcome.ts'
import type { BootObserver } from './engine.ts'
import { Seen } from './seen.ts'

/** Carries a boot out on CPUs that no other guest of the machine has, once there are some. As an engine it never throws. */
export async function onOwnCpus(
  cpus: CpuPool,
  carryOut: (pair: Pair) => Promise<Outcome>,
  observer: BootObserver,
  signal: AbortSignal,
): Promise<Outcome> {
  try {
    return await cpus.lend(carryOut, (line) => observer.waits?.(line), signal)
  } catch (error) {
    return signal.aborted ? { kind: 'interrupted' } : new Seen().failed((error as Error).message)
  }
}
