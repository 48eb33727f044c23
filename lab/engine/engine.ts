import type { Observer } from '../guest/guest.ts'
import type { Cell, Start } from '../model/cell.ts'
import type { Outcome } from '../model/outcome.ts'

/** Follows a boot while it is carried out. One that throws ends the boot, which fails with that reason. */
export interface BootObserver extends Observer {
  /** The files of /cell, by name, before anything else: what the guest was given to do. */
  files: (files: Record<string, string>) => void
  /** The boot begins once more, on another machine: what was told so far does not count. */
  again?: () => void
  /** The boot waits for CPUs before it begins, and for whom. */
  waits?: (line: string) => void
}

/** Carries boots to a machine, and tells how they ended. It measures and judges nothing. */
export interface Engine {
  /** So many boots at a time have CPUs of their own; more of them share, unless they wait. */
  slots: number
  /** Where boots wait until CPUs are free: how many should, so that no machine waits for the lab. */
  waiting?: number
  /** What keeps a cell from being carried out as it is; null when nothing does. */
  obstacle: (cell: Cell) => Promise<string | null>
  /**
   * Carries one boot of a cell out, from its start to its end; nothing is left running. It never throws: whatever goes
   * wrong is an outcome.
   *
   * @param signal interrupts it
   */
  run: (start: Start, observer: BootObserver, signal: AbortSignal) => Promise<Outcome>
}
