import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

// What the lab makes in a daemon says whose it is, so that the clean-up spares what a living lab works with. A process id
// alone would not do: it is used again, means nothing on another machine or in another PID namespace, and after a reboot.

/** What tells one process from all others of a machine. */
export interface Owner {
  /** The machine, and the PID namespace in which the process id counts. */
  machine: string
  /** The boot of the machine. */
  boot: string
  pid: number
  /** When the process started, in clock ticks since the machine booted. */
  started: string
}

const read = (path: string) => {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return null
  }
}

/** When a process started (field 22 of /proc/PID/stat); null when there is none. Its name may hold anything. */
const startOf = (pid: number) =>
  read(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /s, '')
    .split(' ')[19] ?? null

/** This process. */
export const thisLab = (): Owner => ({
  machine: `${read('/etc/machine-id') || hostname()} ${readlinkSync('/proc/self/ns/pid')}`,
  boot: read('/proc/sys/kernel/random/boot_id') ?? '',
  pid: process.pid,
  started: startOf(process.pid) ?? '',
})

/** All that the lab makes has this label, whose value says what it is. */
export const LABEL = 'hitless'

const KEYS = ['machine', 'boot', 'pid', 'started'] as const

/** The labels of something that belongs to a process. */
export const labelsOf = (what: string, owner: Owner): Record<string, string> => ({
  [LABEL]: what,
  ...Object.fromEntries(KEYS.map((key) => [`${LABEL}.${key}`, String(owner[key])])),
})

/**
 * What became of the process that something belongs to, as far as this machine can tell.
 *
 * @returns `unknown` where it ran elsewhere, or where the labels do not say
 */
export function fateOf(labels: Record<string, string>, here = thisLab()): 'alive' | 'dead' | 'unknown' {
  const [machine, boot, pid, started] = KEYS.map((key) => labels[`${LABEL}.${key}`])
  if (machine !== here.machine || !boot || !pid || !started) return 'unknown'
  return boot === here.boot && startOf(Number(pid)) === started ? 'alive' : 'dead'
}
