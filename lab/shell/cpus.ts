import { lockFolder, tryLock } from '../guest/cpus/lock.ts'
import type { Pair } from '../guest/cpus/pairs.ts'
import { cpuPairs } from '../guest/cpus/topology.ts'
import { list } from '../model/text/amounts.ts'
import type { Note } from '../model/text/note.ts'

/**
 * CPUs for a shell: the last pair that no lab has, as labs begin with the first. It takes no lock, since a shell that is
 * left open must keep no run waiting; a run beside it tells by its noise that it was disturbed.
 *
 * @param note told whom the shell disturbs, where there is no such pair
 */
export async function cpusForShell(note: Note): Promise<Pair> {
  const folder = lockFolder()
  const holders: string[] = []
  for (const pair of cpuPairs().toReversed()) {
    const holder = await holderOf(folder, pair)
    if (holder === null) return pair
    holders.push(holder)
  }
  const who = [...new Set(holders)]
  note(`no CPUs are free: the shell shares them, and what runs in it disturbs ${list(who)}`)
  return cpuPairs().at(-1)!
}

async function holderOf(folder: string, { cores }: Pair): Promise<string | null> {
  for (const cpu of cores) {
    const lock = await tryLock(folder, cpu)
    if ('holder' in lock) return lock.holder
    lock.release()
  }
  return null
}
