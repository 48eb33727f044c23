import { type ChildProcess, execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { alive, descendantsOf } from '../../e2e/harness.ts'
import type { SmallDisk } from './world.ts'

/** A lab that is at work, to which something is about to be done. */
export interface Victim {
  lab: ChildProcess
  /** Its cache, a folder of its own. */
  cache: string
  disk: SmallDisk | null
  /** The folder of its run, as it calls it. */
  out: string
}

/** Where a fault can be done: to a guest under QEMU, or on the host's own kernel, too. */
export const KERNELS = ['6.1', 'host'] as const
type Kernel = (typeof KERNELS)[number]

export interface Fault {
  name: string
  what: string
  on: readonly Kernel[]
  /** Whether the run is saved on a disk that can be filled. */
  ownDisk?: true
  /** What its environment is beside its own, where the fault is laid in before it begins: `share` of its length, 0 to 1. */
  laidIn?: (folder: string, share: number, streamBytes: number) => Record<string, string>
  /** Does it to a lab at its time. */
  inflict?: (victim: Victim) => Promise<void> | void
}

/** Of a run's disk: its own files take about one MiB. */
export const DISK_MEGABYTES = 16

/** The guests of a lab, or what they are on the host's own kernel: the processes whose parent is the lab. */
async function guests(lab: ChildProcess): Promise<number[]> {
  while (alive(lab.pid!)) {
    const found = descendantsOf(lab).filter((pid) => /qemu-system|init/.test(commandOf(pid)))
    if (found.length) return found
    await sleep(20)
  }
  return []
}

const commandOf = (pid: number): string => {
  try {
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return ''
  }
}

/** Signals processes; one that has ended meanwhile needs none. */
function signalAll(pids: number[], signal: NodeJS.Signals) {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {}
  }
}

export const FAULTS: Fault[] = [
  {
    name: 'guest-killed',
    what: 'SIGKILL for the guest: QEMU, or on the host the first process of its namespaces',
    on: KERNELS,
    inflict: async ({ lab }) => signalAll(await guests(lab), 'SIGKILL'),
  },
  {
    name: 'lab-killed',
    what: 'SIGKILL for the lab itself',
    on: KERNELS,
    inflict: ({ lab }) => void lab.kill('SIGKILL'),
  },
  {
    name: 'disk-full',
    what: 'the disk on which the run is saved is filled',
    on: KERNELS,
    ownDisk: true,
    inflict: ({ disk, out }) => {
      const rest = disk!.seen(join(out, '..', 'rest'))
      try {
        execFileSync('dd', ['if=/dev/zero', `of=${rest}`, 'bs=64k'], { stdio: 'ignore' })
      } catch {
        // No space is left, which is the point.
      }
    },
  },
  {
    name: 'stream-cut',
    what: "the stream of the guest's events ends within a line or between two, while QEMU goes on",
    on: ['6.1'],
    laidIn: (folder, share, streamBytes) => {
      const qemu = execFileSync('sh', ['-c', 'command -v qemu-system-x86_64'], { encoding: 'utf8' }).trim()
      const bin = join(folder, 'bin')
      mkdirSync(bin, { recursive: true })
      copyFileSync(fileURLToPath(new URL('./cutting-qemu.mjs', import.meta.url)), join(bin, 'qemu-system-x86_64'))
      chmodSync(join(bin, 'qemu-system-x86_64'), 0o755)
      return {
        PATH: `${bin}:${process.env.PATH}`,
        CUT_QEMU: qemu,
        CUT_AFTER: String(Math.max(1, Math.floor(share * streamBytes))),
      }
    },
  },
  {
    name: 'machine-stopped',
    what: 'the lab, its guest and all of its programs stand still for three seconds, as when a laptop sleeps',
    on: KERNELS,
    inflict: async ({ lab }) => {
      const all = [...descendantsOf(lab), lab.pid!]
      signalAll(all, 'SIGSTOP')
      await sleep(3000)
      signalAll(all, 'SIGCONT')
    },
  },
  {
    name: 'cache-gone',
    what: 'the cache is removed: kernels, programs, scratch folders',
    on: KERNELS,
    inflict: ({ cache }) => rmSync(join(cache, 'hitless'), { recursive: true, force: true, maxRetries: 9 }),
  },
]
