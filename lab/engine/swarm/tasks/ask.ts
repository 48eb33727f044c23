import { setTimeout as pause } from 'node:timers/promises'
import { EXIT, Fault } from '../../../model/fault.ts'
import type { Patience } from '../../docker/away.ts'

/** Seconds for which managers may be without a leader: an election takes a few. */
const LIMIT = 120

/** What a manager says while the managers have no leader, or fewer than a majority of them is there. */
const LEADERLESS = /does not have a leader|lost quorum|context deadline exceeded/i

/**
 * Asks a manager of a Swarm, and again while its daemon is away or the managers have no leader.
 *
 * @param ask may be called several times
 * @throws DaemonLost; a Fault (exit 4) where there is no leader for too long; what `ask` throws else
 */
export async function askManager<T>(
  patience: Pick<Patience, 'ask' | 'note'>,
  ask: () => Promise<T>,
  signal: AbortSignal,
  seconds = LIMIT,
): Promise<T> {
  const since = performance.now()
  for (let told = false; ; told = true) {
    try {
      return await patience.ask(ask, signal)
    } catch (error) {
      const { message } = error as Error
      if (!LEADERLESS.test(message)) throw error
      if (performance.now() - since > seconds * 1000)
        throw new Fault(
          `the Swarm has had no leader for ${seconds} s: ${message}`,
          EXIT.failed,
          'docker node ls on a manager; https://docs.docker.com/engine/swarm/admin_guide/#recover-from-losing-the-quorum; then --resume RUN runs what is missing',
        )
      if (!told) patience.note(`the Swarm has no leader; waiting up to ${seconds} s for one`)
      await pause(1000, undefined, { signal })
    }
  }
}
