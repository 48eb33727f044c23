import type { Cell } from '../plan/cell.ts'
import type { Event } from './events.ts'

/** What a guest lets its owner see while it runs. */
export interface Watcher {
  /** The exact command, before it runs. */
  command: (argv: string[]) => void
  /** One line of the event stream, as it came: it is saved before it is read. */
  line: (line: string) => void
  /** An event that was read from it. */
  event: (event: Event) => void
  /** Text of the console, as it comes. */
  console: (text: string) => void
}

/** What can be seen of a guest only from outside. */
export interface Outside {
  /** Host CPUs that each vCPU thread may use, as /proc/PID/task/TID/status says while the load runs. */
  vcpus: string[]
  /** Share of the time of load that the vCPU threads waited for a host CPU; null where it cannot be known. */
  waited: number | null
  /** Milliseconds from the start of the guest to its first event. */
  bootMs: number | null
  /** How often it was started; more than 1 when it died before it told anything. */
  boots: number
}

/**
 * Runs a cell in a guest until it says `done`. Resolves when it did and is gone; whatever else ends a guest (a panic,
 * a hang, a signal, a broken stream) rejects with a GuestFailed. Nothing is left running either way.
 *
 * @param folder an empty directory for what the guest needs on disk; removed by the caller
 * @param signal aborts the guest
 */
export type RunGuest = (cell: Cell, folder: string, watcher: Watcher, signal: AbortSignal) => Promise<Outside>

/** A guest that did not end as it must, and why. */
export class GuestFailed extends Error {
  override name = 'GuestFailed'
}

/** The limits of a guest, in seconds. */
export const LIMITS = {
  /** From its start to its first event. */
  boot: 60,
  /** Without any event: the generator alone tells one a second. */
  silence: 20,
  /** From an error to the guest's own end. */
  farewell: 3,
  /** For a whole cell, beside the time of its load and the slowest drain. */
  overhead: 90,
}
