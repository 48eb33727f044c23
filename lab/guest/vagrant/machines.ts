import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { $ } from 'zx/core'
import type { Accel, Cell } from '../../model/cell.ts'
import { notReady, usage } from '../../model/fault.ts'
import type { Note } from '../../model/text/note.ts'
import { meant } from '../../model/text/spelling.ts'
import { holdMachine, releaseMachines, stateFolder } from './lock.ts'
import { type Provider, providerOf } from './provider.ts'
import { errorsIn, type Leaving, leavingOf, statesIn } from './states.ts'

/** Where the Vagrantfile is; VAGRANT_CWD names another place. */
const HOME = fileURLToPath(new URL('../../..', import.meta.url))

/** Where Vagrant keeps its state; read when it is needed, as tests have places of their own. */
const folder = () => stateFolder(HOME)

const run = $({ quiet: true, nothrow: true, cwd: HOME, detached: false })

/** The machines that this process has brought up, and how each becomes again what it was. */
const brought = new Map<string, Leaving>()

/** What is known of those that run. */
const running = new Map<string, MachineFacts>()

/** What each machine does last. */
const queues = new Map<string, Promise<unknown>>()

/** Does something when all others have done with a machine: two guests would share its two CPUs. */
export function alone<T>(machine: string, use: () => Promise<T>): Promise<T> {
  const before = queues.get(machine) ?? Promise.resolve()
  const now = before.then(use, use)
  queues.set(machine, now)
  return now
}

/** What lab/README.md has for Debian, with libvirt. */
export const INSTALL =
  'sudo apt-get install vagrant vagrant-libvirt libvirt-daemon-system qemu-system-x86 openssh-client'

/** @throws a Fault (exit 3) where Vagrant, or the ssh that reaches its machines, is missing */
export async function requireVagrant(): Promise<void> {
  for (const [program, install] of [
    ['vagrant', INSTALL],
    ['ssh', 'sudo apt-get install openssh-client'],
  ] as const)
    if ((await run`command -v ${program}`).exitCode !== 0)
      throw notReady(`--guest vagrant: there is no ${program} on the PATH`, install)
}

/** What a machine says of itself. */
export interface MachineFacts {
  /** `uname -r`. */
  release: string
  accel: Accel
}

/** Printed by the machine, a line each: its kernel, who made its board, the product, its clock sources. */
const ASK =
  'uname -r; cat /sys/class/dmi/id/sys_vendor /sys/class/dmi/id/product_name /sys/devices/system/clocksource/clocksource0/available_clocksource'

/**
 * Reads what {@link ASK} printed. Under KVM a kernel finds its clock, and VirtualBox, which shows it, too, says who it is.
 *
 * @returns null where something is missing
 */
export function factsIn(said: string): MachineFacts | null {
  const [release, vendor, product, clocks] = said.split(/\r?\n/).map((line) => line.trim())
  if (!release || !clocks) return null
  if (product === 'VirtualBox') return { release, accel: 'virtualbox' }
  if (clocks.split(' ').includes('kvm-clock')) return { release, accel: 'kvm' }
  return vendor === 'QEMU' ? { release, accel: 'tcg' } : null
}

/**
 * Whether the Vagrantfile has such machines; none of them is touched.
 *
 * @throws a Fault: exit 2 for names of no machine, with those there are; exit 3 where Vagrant does not say
 */
export async function requireMachines(machines: string[]): Promise<void> {
  await requireVagrant()
  await statesOf(machines)
}

/** What Vagrant says of the machines. Brings none up. */
export const status = () => run`vagrant status --machine-readable`

/** The state of each of these machines, as Vagrant names it. @throws as {@link requireMachines} */
async function statesOf(machines: string[]): Promise<Map<string, string>> {
  const { stdout, stderr } = await status()
  const states = statesIn(stdout)
  const names = [...states.keys()]
  if (!names.length)
    throw notReady(`vagrant status names no machine: ${errorsIn(stdout) || stderr.trim()}`, 'vagrant status')
  const unknown = machines.filter((machine) => !states.has(machine))
  const wrong = unknown.map((name) => `--kernel ${name}: no such machine in the Vagrantfile${meant(name, names)}`)
  if (wrong.length) throw usage(`${wrong.join('\n')}; choose from ${names.join(', ')}`, 'vagrant status')
  return states
}

/**
 * Makes sure that a machine runs and that no other process uses it, and asks it once. One that did not run is left as it
 * was found by {@link leaveMachines}.
 *
 * @throws a Fault (exit 2) where there is no such machine; (exit 3) with the last lines of what Vagrant said, or the
 *   process that uses it
 */
export async function bringUp(machine: string, note: Note, signal: AbortSignal): Promise<MachineFacts> {
  const known = running.get(machine)
  if (known) return known
  // Before anybody looks at its state: what another lab has brought up runs just for that one.
  await holdMachine(folder(), machine)
  const state = (await statesOf([machine])).get(machine)!
  if (state !== 'running') {
    note(`bringing up ${machine}, which may take minutes`)
    // At a second attempt it may be half of what the first one made of it.
    if (!brought.has(machine)) brought.set(machine, leavingOf(state))
    const up = await run`vagrant up ${machine}`
    signal.throwIfAborted()
    if (up.exitCode !== 0) {
      const said = `${up.stdout}${up.stderr}`.trim().split('\n').slice(-8).join('\n')
      throw notReady(`vagrant up ${machine} ended with status ${up.exitCode}:\n${said}`, `vagrant up ${machine}`)
    }
  }
  const answer = await run`vagrant ssh ${machine} -c ${ASK}`
  const facts = factsIn(answer.stdout)
  if (facts) {
    running.set(machine, facts)
    return facts
  }
  const said = `${answer.stdout}${answer.stderr}`.trim()
  throw notReady(`${machine} does not say what it is: ${JSON.stringify(said)}`, `vagrant ssh ${machine}`)
}

/**
 * What begins a command line that runs something on a machine and carries bytes as they are, which `vagrant ssh` does not.
 *
 * @param file takes how ssh reaches the machine
 * @throws Error when Vagrant does not say
 */
export async function sshTo(machine: string, file: string): Promise<string[]> {
  const { exitCode, stdout, stderr } = await run`vagrant ssh-config ${machine}`
  if (exitCode !== 0) throw new Error(`vagrant ssh-config ${machine}: ${stderr.trim()}`)
  await writeFile(file, stdout)
  return ['ssh', '-F', file, '-o', 'LogLevel=ERROR', machine]
}

/** What is told while a machine is left. */
const DOING: Record<Leaving, string> = { destroy: 'destroying', halt: 'halting', suspend: 'suspending' }

/**
 * Leaves the machines that this process has brought up as they were: what did not exist is destroyed, what was halted or
 * suspended is so again. Those that ran before stay as they are.
 */
export async function leaveMachines(keep: boolean, note: Note): Promise<void> {
  for (const [machine, leaving] of brought) {
    const { stdout } = await run`vagrant status ${machine} --machine-readable`
    // One that never came up has nothing to leave.
    if (statesIn(stdout).get(machine) === 'not_created') continue
    if (keep) {
      note(`${machine} stays up: vagrant ssh ${machine}; vagrant ${leaving} ${machine}`)
      continue
    }
    note(`${DOING[leaving]} ${machine}`)
    const command = leaving === 'destroy' ? ['destroy', '-f', machine] : [leaving, machine]
    const { exitCode, stderr } = await run`vagrant ${command}`
    if (exitCode !== 0) note(`vagrant ${command.join(' ')} ended with status ${exitCode}: ${stderr.trim()}`)
  }
  brought.clear()
  running.clear()
  releaseMachines()
}

/** What runs each of these machines, which are up. Never fails. */
export async function providersOf(machines: string[]): Promise<Provider[]> {
  const { stdout } = await status()
  return Promise.all(machines.map((machine) => providerOf(machine, stdout, folder())))
}

/** What keeps a cell from being carried out on its machine as it is now; null when nothing does. */
export function otherMachine({ kernel, accel }: Pick<Cell, 'kernel' | 'accel'>, now: MachineFacts): string | null {
  const { machine, name } = kernel
  if (now.release !== name) return `${machine} ran Linux ${name} and now runs ${now.release}`
  return now.accel === accel ? null : `${machine} ran its cells with ${accel} and came up with ${now.accel}`
}
