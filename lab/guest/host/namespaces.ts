import { readFileSync, statSync } from 'node:fs'
import { $ } from 'zx/core'
import { notReady } from '../../model/fault.ts'
import type { Check } from '../../model/text/check.ts'

/** What a guest on the running kernel is put into, one within the other, as unshare(1) makes them. */
const OUTER = ['--user', '--map-root-user', '--mount', '--pid', '--ipc', '--uts', '--fork', '--mount-proc']
const INNER = ['--user', '--map-root-user', '--net']

/** What may refuse namespaces on a host. */
export interface Refusers {
  /** What unshare(1) said. */
  said: string
  root: boolean
  /** Whether the root directory is not that of the mount namespace. */
  chrooted: boolean
  /** Whether system calls are filtered, as container runtimes do. */
  filtered: boolean
  /** By their names in /proc/sys; null where this kernel has none of that name. */
  knobs: Record<Knob, number | null>
}

const KNOBS = {
  max: 'user/max_user_namespaces',
  clone: 'kernel/unprivileged_userns_clone',
  apparmor: 'kernel/apparmor_restrict_unprivileged_userns',
} as const
type Knob = keyof typeof KNOBS

const sysctl = (knob: Knob, value: number) => `sudo sysctl -w ${KNOBS[knob].replace('/', '.')}=${value}`

/** The most likely reason for a refusal, and what to do about it. */
export function refusal({ said, root, chrooted, filtered, knobs }: Refusers): { what: string; mend: string } {
  if (knobs.max === 0) return { what: 'user.max_user_namespaces is 0', mend: sysctl('max', 10_000) }
  if (!root && knobs.clone === 0) return { what: 'kernel.unprivileged_userns_clone is 0', mend: sysctl('clone', 1) }
  if (chrooted)
    return {
      what: 'a process in a chroot may not make user namespaces',
      mend: 'run the lab outside of the chroot, or make it with systemd-nspawn or pivot_root instead',
    }
  if (!root && knobs.apparmor === 1)
    return { what: 'AppArmor restricts unprivileged user namespaces', mend: sysctl('apparmor', 0) }
  if (filtered)
    return {
      what: 'this container filters system calls or mounts',
      mend: 'start it with docker run --privileged, or run the lab outside of it',
    }
  return {
    what: said,
    mend: 'run the lab outside of any chroot and container, or measure a kernel in a virtual machine: --kernel 6.1',
  }
}

/** Tries to make the namespaces that a guest on the running kernel needs, with its own /proc; null when that works. */
async function refused(): Promise<{ what: string; mend: string } | null> {
  const attempt = await $({ quiet: true, nothrow: true })`unshare ${OUTER} unshare ${INNER} true`
  if (attempt.exitCode === 0) return null
  const said = attempt.stderr.trim().split('\n').at(-1) || `unshare ended with status ${attempt.exitCode}`
  return refusal({ said, root: process.getuid?.() === 0, chrooted: chrooted(), filtered: filtered(), knobs: knobs() })
}

const read = (path: string) => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function knobs(): Refusers['knobs'] {
  const values = Object.entries(KNOBS).map(([knob, path]) => {
    const text = read(`/proc/sys/${path}`)
    return [knob, text === null ? null : Number(text)]
  })
  return Object.fromEntries(values)
}

const filtered = () => /^Seccomp:\s*2/m.test(read('/proc/self/status') ?? '')

/** Compares the root directory with that of process 1, where it can be read; a root that is no mount point is a chroot, too. */
function chrooted(): boolean {
  const mounted = (read('/proc/self/mountinfo') ?? ' / ').split('\n').some((line) => line.split(' ')[4] === '/')
  if (!mounted) return true
  try {
    const [mine, first] = [statSync('/'), statSync('/proc/1/root/')]
    return mine.ino !== first.ino || mine.dev !== first.dev
  } catch {
    return false
  }
}

/** One check for `doctor`. */
export async function checkNamespaces(): Promise<Check> {
  const no = await refused()
  const what = 'user, network, mount and PID namespaces for --kernel host'
  return no ? { what: `${what} (${no.what})`, ok: false, mend: no.mend } : { what, ok: true }
}

/** @throws a Fault (exit 3) that says what refuses the namespaces for a guest on the running kernel */
export async function requireNamespaces(): Promise<void> {
  const no = await refused()
  if (no) throw notReady(`--kernel host: no namespaces for its guest: ${no.what}`, no.mend)
}
