import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { holderIn, isStill, nameHolder, takeLock } from '../../../images/cache/lock.ts'
import { notReady } from '../../model/fault.ts'

// Two labs that share a machine would share its two CPUs, and one would destroy it below the other. So a lab holds a lock on
// a file for each machine, from before it looks at its state until it has left it. The kernel drops it with the process.

/** The descriptors of those that this process holds, by machine. */
const held = new Map<string, { descriptor: number; file: string }>()

/** Where Vagrant keeps what it knows of the machines of a Vagrantfile, whoever uses them. */
export const stateFolder = (home: string, { VAGRANT_CWD, VAGRANT_DOTFILE_PATH } = process.env) =>
  resolve(VAGRANT_CWD || home, VAGRANT_DOTFILE_PATH || '.vagrant')

/**
 * Makes this process the only one that uses a machine, until {@link releaseMachines}. Nothing happens where it is already.
 *
 * @param folder of Vagrant's state
 * @throws a Fault (exit 3) that names the process which has it
 */
export async function holdMachine(folder: string, machine: string): Promise<void> {
  if (held.has(machine)) return
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `hitless-${encodeURIComponent(machine)}.lock`)
  for (;;) {
    const descriptor = openSync(file, 'a+', 0o600)
    // Where the file system knows no locks there is nothing to wait for.
    const taken = (await takeLock(descriptor)) === 'taken'
    if (!taken && isStill(file, descriptor)) {
      nameHolder(descriptor)
      held.set(machine, { descriptor, file })
      return
    }
    closeSync(descriptor)
    if (taken) throw inUse(machine, holderIn(file))
  }
}

/** @param holder as its lock says; null where that process has just begun */
function inUse(machine: string, holder: string | null) {
  const [, pid, host] = /^process (\d+) on (\S+) /.exec(holder ?? '') ?? []
  return notReady(
    `--guest vagrant: the machine ${machine} is in use by another lab, ${holder ?? 'which has just begun'}`,
    // The number of a process on another host, or in a container, says nothing here.
    pid && host === hostname()
      ? `tail --pid=${pid} -f /dev/null, which waits for it to end, and the same again`
      : 'the same again',
  )
}

/** Lets other processes have all machines that this one holds. Nothing is left of the locks. */
export function releaseMachines(): void {
  for (const { descriptor, file } of held.values()) {
    rmSync(file, { force: true })
    closeSync(descriptor)
  }
  held.clear()
}
