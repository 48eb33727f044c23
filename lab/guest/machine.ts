import { readFileSync } from 'node:fs'
import { cpus, hostname, release } from 'node:os'
import type { Machine } from '../model/machine.ts'

/** @param named whether a run has other machines, so that this one's name must tell it from them */
export function thisMachine(named: boolean): Machine {
  const all = cpus()
  return { ...(named && { name: hostname() }), cpu: all[0]?.model ?? 'unknown', cpus: all.length, kernel: release() }
}

/** What names this boot of this machine's kernel, in its containers, too. */
export const bootId = () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
