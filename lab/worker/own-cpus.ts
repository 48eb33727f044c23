import { execFile } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { takeLock } from '../../images/cache/scratch.ts'
import { cpuPairs } from '../guest/cpus.ts'
import type { Cpus } from '../guest/guest.ts'
import { notReady } from '../model/fault.ts'
import type { Note } from '../model/text/note.ts'

/** Milliseconds between two looks for a free pair. */
const PERIOD = 500

/**
 * Takes two CPUs which no other worker of this machine has, and stays on them: Swarm counts CPUs and gives none in particular.
 * The workers agree by locks on files of a folder that all of them see. The kernel drops a worker's lock with the worker.
 *
 * @param folder where that is; by default HITLESS_CPUS says it, and where it is not set all CPUs are this worker's anyway
 * @param note told when it must wait for a pair
 */
export async function takeCpus(
  note: Note,
  signal: AbortSignal,
  folder = process.env.HITLESS_CPUS,
  pairs = cpuPairs(),
): Promise<void> {
  if (!folder) return
  for (let told = false; ; told = true) {
    for (const pair of pairs) if (await lockPair(folder, pair)) return stayOn(pair)
    if (!told) note(`all ${pairs.length} pairs of CPUs of this node are in use; waiting for one`)
    await pause(PERIOD, undefined, { signal })
  }
}

/** Keeps the lock's descriptor open until this process ends. */
async function lockPair(folder: string, { proxy, generator }: Cpus): Promise<boolean> {
  const descriptor = openSync(join(folder, `${proxy}-${generator}`), 'a')
  const answer = await takeLock(descriptor)
  if (answer === 'held') return true
  closeSync(descriptor)
  if (answer === 'taken') return false
  throw notReady(`the volume of this node where workers share out its CPUs knows no locks (${folder})`, 'docker info')
}

/** All threads of this process, and what it starts, may use these two CPUs only. */
const stayOn = async ({ proxy, generator }: Cpus) =>
  void (await promisify(execFile)('taskset', ['-a', '-p', '-c', `${proxy},${generator}`, String(process.pid)]))
