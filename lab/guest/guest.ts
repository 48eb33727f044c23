import type { ProxyProgram } from '../../images/rootfs/layout.ts'
import type { Cell, RootParts } from '../model/cell.ts'
import type { Event } from '../model/events.ts'

/** What a guest is given: a kernel, a root file system, and the files of /cell, which say what to do. */
export interface Boot {
  accel: Cell['accel']
  kernel: Pick<Cell['kernel'], 'image' | 'modules'>
  root: RootParts
  /** The proxy's program; null when none is started. */
  proxy: ProxyProgram | null
  /** Kernel modules to load, without their dependencies. */
  modules: string[]
  /** By name; see lab/guest/files.ts. */
  files: Record<string, string>
  /** Seconds of load, by which the guest may take longer than {@link LIMITS} say. */
  seconds: number
  /** Host CPUs: the proxy's (vCPU 0) and the generator's (vCPU 1). On the running kernel they may be one and the same. */
  cpus: Cpus
}

/** CPUs by number: the article pins the proxy and its reloads to one, the generator to another. */
export interface Cpus {
  proxy: number
  generator: number
}

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
  /** The same, read again behind the last reload. */
  vcpusAtEnd: string[]
  /** Share of the time of load that the vCPU threads (or the generator) waited for a CPU; null where it cannot be known. */
  waited: number | null
  /** Milliseconds from the start of the guest to its first event. */
  bootMs: number | null
  /** How often it was started; more than 1 when it died before it told anything. */
  starts: number
}

/**
 * Runs a guest until it says `done`. Resolves when it did and is gone; whatever else ends a guest (a panic,
 * a hang, a signal, a broken stream) rejects with a GuestFailed. Nothing is left running either way.
 *
 * @param folder an empty directory for what the guest needs on disk; removed by the caller
 * @param signal aborts the guest
 */
export type RunGuest = (boot: Boot, folder: string, watcher: Watcher, signal: AbortSignal) => Promise<Outside>

/** Put before a guest's command: the kernel kills the guest when the lab is killed, which cannot do it itself then. */
export const DIES_WITH_LAB = ['setpriv', '--pdeathsig', 'KILL', '--']

/** A guest that did not end as it must, and why. */
export class GuestFailed extends Error {
  override name = 'GuestFailed'
}

/** A guest that never told anything, and whose next try would end alike: it hung again, or cannot unpack its kernel. */
export class GuestHopeless extends GuestFailed {
  override name = 'GuestHopeless'
}

/** A guest that has not told anything in the time that a boot may take. */
export class GuestHung extends GuestFailed {
  override name = 'GuestHung'
}

/** The limits of a guest, in seconds. */
export const LIMITS = {
  /** From its start to its first event. */
  boot: 60,
  /** The same at its first start, behind which there is another one: boots take a second to three, and one in a hundred hangs. */
  firstBoot: 20,
  /** Without any event: the generator alone tells one a second. */
  silence: 20,
  /** From an error to the guest's own end. */
  farewell: 3,
  /** From the words of a dying kernel to the end of its call trace. */
  trace: 2,
  /** What was told before a kernel died comes no later than this after its last words. */
  underway: 0.5,
  /** For a whole cell, beside the time of its load and the slowest drain. */
  overhead: 90,
}
