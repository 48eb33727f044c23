import { setTimeout as pause } from 'node:timers/promises'
import { EXIT, Fault } from '../../model/fault.ts'
import type { Note } from '../../model/text/note.ts'
import { type Daemon, isGone } from './daemon.ts'

/** Seconds for which the lab waits for a daemon that went away: an upgrade of Docker takes less. */
const LIMIT = 120

/** A daemon that went away and did not come back. */
export class DaemonLost extends Fault {
  constructor(where: string, seconds: number) {
    super(
      `the Docker daemon at ${where} went away and did not come back within ${seconds} s`,
      EXIT.failed,
      'start it, and then --resume RUN runs what is missing; npx tsx lab/doctor.ts --engine docker --clean removes what was left',
    )
  }
}

/** Asks a daemon, and again where it went away and comes back. */
export class Patience {
  #lost: DaemonLost | null = null

  /** @param note told when it waits */
  constructor(
    readonly daemon: Pick<Daemon, 'docker' | 'where'>,
    readonly note: Note,
    readonly seconds = LIMIT,
  ) {}

  /**
   * @param ask may be called several times
   * @throws DaemonLost once the daemon stays away, at once from then on; what `ask` throws while the daemon is there
   */
  async ask<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (;;) {
      if (this.#lost) throw this.#lost
      try {
        return await ask()
      } catch (error) {
        if (!isGone(error as NodeJS.ErrnoException)) throw error
        await this.#untilBack(signal)
      }
    }
  }

  async #untilBack(signal: AbortSignal) {
    const { docker, where } = this.daemon
    const since = performance.now()
    this.note(`the Docker daemon at ${where} went away; waiting up to ${this.seconds} s for it`)
    for (;;) {
      signal.throwIfAborted()
      try {
        await docker.ping()
        return
      } catch (error) {
        if (!isGone(error as NodeJS.ErrnoException)) throw error
      }
      if (performance.now() - since > this.seconds * 1000) {
        this.#lost = new DaemonLost(where, this.seconds)
        throw this.#lost
      }
      await pause(500, undefined, { signal })
    }
  }
}
