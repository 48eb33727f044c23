import type { ProxyProgram } from '../../images/rootfs/layout.ts'
import type { Cell, RootParts } from '../model/cell.ts'
import type { Event } from '../model/events.ts'
import type { HostFacts } from '../model/outcome.ts'
import type { ShellPort } from './shell/port.ts'

/** What a guest is given: a kernel, a root file system, and the files of /cell, which say what to do. */
export interface Boot {
  accel: Cell['accel']
  kernel: Pick<Cell['kernel'], 'image' | 'modules' | 'machine'>
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

/** Follows a guest while it runs. */
export interface Observer {
  /** The exact command, before it runs. */
  command: (argv: string[]) => void
  /** One line of the event stream as it came, before it is read as an event. */
  line: (line: string) => void
  /** The event that a line holds. */
  event: (event: Event) => void
  /** Text of the console, as it comes. */
  console: (text: string) => void
  /** Takes the way to the shell that opens in the guest, as soon as that is started; not there where none opens. */
  shell?: (port: ShellPort) => void
}

/** An observer of which only some things matter. */
export const observing = (parts: Partial<Observer>): Observer => ({
  command: () => {},
  line: () => {},
  event: () => {},
  console: () => {},
  ...parts,
})

/** What a guest's own process saw of it: see lab/model/result.ts. */
export type GuestFacts = Pick<HostFacts, 'starts' | 'bootMs' | 'waited' | 'vcpus' | 'vcpusAtEnd'>

/**
 * Runs a guest until it says `done`. Resolves once it has said so and its process is gone. Any other end (a panic, a
 * hang, a signal, a broken stream) rejects with a GuestFailed. Nothing is left running either way.
 *
 * @param folder an empty folder for what the guest needs on disk; the caller removes it
 * @param signal aborts the guest
 */
export type RunGuest = (boot: Boot, folder: string, observer: Observer, signal: AbortSignal) => Promise<GuestFacts>

/** Stands before a guest's command: a lab that is killed cannot end its guest, so the kernel does. */
export const DIES_WITH_LAB = ['setpriv', '--pdeathsig', 'KILL', '--']

/** A guest that failed, and why. */
export class GuestFailed extends Error {
  override name = 'GuestFailed'
}

/** A guest that reported nothing and would end so again: it hung a second time, or cannot unpack its kernel. */
export class GuestHopeless extends GuestFailed {
  override name = 'GuestHopeless'
}

/** A guest that reported nothing within the time that a boot may take. */
export class GuestHung extends GuestFailed {
  override name = 'GuestHung'
}

/** The limits of a guest, in seconds. */
export const LIMITS = {
  /** From its start to its first event. */
  boot: 60,
  /** The same at its first start, after which it gets another: a boot takes one to three seconds, and one in a hundred hangs. */
  firstBoot: 20,
  /** Without any event: the generator alone tells one a second. */
  silence: 20,
  /** From an error to the guest's own end. */
  farewell: 3,
  /** From the words of a dying kernel to the end of its call trace. */
  trace: 2,
  /** Events that a kernel sent before it died arrive within this time after its last words. */
  underway: 0.5,
  /** For a whole boot, beyond the time of its load: the start, and the slowest drain. */
  overhead: 90,
}
