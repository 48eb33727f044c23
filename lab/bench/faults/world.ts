import { execFileSync, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder } from '../../../images/cache/cache.ts'

/** What may share a cache's name for a folder, and is nobody's part. */
const NOT_LINKED = /^(scratch-|test-|docker$)/

/** A cache for labs that something is done to: files of the real one by a second name, which nobody writes into. */
export function linkedCache(at: string): string {
  const folder = join(at, 'hitless')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const name of readdirSync(cacheFolder()))
    if (!NOT_LINKED.test(name)) execFileSync('cp', ['-al', join(cacheFolder(), name), folder])
  return at
}

/** A disk of a few MiB, in a mount namespace of its own: what fills it fills nothing else. */
export class SmallDisk {
  #holder
  readonly pid: number

  private constructor(holder: ReturnType<typeof spawn>) {
    this.#holder = holder
    this.pid = holder.pid!
  }

  /** @param at a folder that is there, and on which only those see the disk who are inside */
  static async mounted(at: string, megabytes: number): Promise<SmallDisk> {
    const holder = spawn(
      'unshare',
      [
        '--mount',
        '--propagation=private',
        'sh',
        '-c',
        `mount -t tmpfs -o size=${megabytes}m none "$1" && echo there && exec sleep 3600`,
        'sh',
        at,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    await new Promise<void>((resolve, reject) => {
      holder.stdout!.once('data', () => resolve())
      holder.once('exit', () => reject(new Error(`no small disk could be mounted at ${at}`)))
    })
    return new SmallDisk(holder)
  }

  /** How a command is begun inside. */
  get enter(): string[] {
    return ['nsenter', `--mount=/proc/${this.pid}/ns/mnt`, `--wd=${process.cwd()}`, '--']
  }

  /** Where a path inside is seen from outside. */
  seen(path: string): string {
    return join(`/proc/${this.pid}/root`, path)
  }

  /** Copies a folder out and ends the disk. */
  end(folder: string, to: string) {
    if (existsSync(this.seen(folder))) cpSync(this.seen(folder), to, { recursive: true })
    this.#holder.kill('SIGKILL')
  }
}
