import { readFileSync } from 'node:fs'
import { cpus, hostname, release } from 'node:os'
import type { Machine } from '../model/result/machine.ts'

/** @param named whether a run has other machines, so that this one's name must tell it from them */
export function thisMachine(named: boolean): Machine {
  const all = cpus()
  const [cpuid, start] = [cpuidIn(told('/proc/cpuinfo')), startIn(bootId())]
  return {
    ...(named && { name: hostname() }),
    cpu: all[0]?.model ?? 'unknown',
    ...(cpuid && { cpuid }),
    cpus: all.length,
    kernel: release(),
    ...(start && { start }),
  }
}

/** What names this boot of this machine's kernel, in its containers, too; empty where there is no such name. */
export const bootId = () => told('/proc/sys/kernel/random/boot_id').trim()

/** What the kernel says in a file; empty where it has no such file. */
function told(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/**
 * What /proc/cpuinfo tells of the first CPU beside its model: what the vendor counts its designs by. Its MHz change while
 * one looks, and its microcode with each update. Undefined where it does not say all three.
 */
export function cpuidIn(cpuinfo: string): string | undefined {
  const [family, model, stepping] = ['cpu family', 'model', 'stepping'].map(
    (key) => new RegExp(`^${key}\\s*: (\\d+)$`, 'm').exec(cpuinfo)?.[1],
  )
  return family && model && stepping && `family ${family}, model ${model}, stepping ${stepping}`
}

/** As much of a boot id as tells the machines of a run apart; undefined where there is none. */
export const startIn = (bootId: string): string | undefined => bootId.slice(0, 8) || undefined
