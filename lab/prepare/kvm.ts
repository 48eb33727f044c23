import { closeSync, openSync, readFileSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { which } from 'zx/core'
import { cacheFolder, cacheRoot, saveWhole, scratch, sha256 } from '../../images/cache/cache.ts'
import { readJsonFile } from '../../images/cache/json.ts'
import { probeBoot } from '../guest/boot.ts'
import { ownCpus } from '../guest/cpus/pool.ts'
import { type Boot, GuestFailed, LIMITS, observing } from '../guest/guest.ts'
import { runQemu } from '../guest/qemu/qemu.ts'
import type { Cell } from '../model/cell.ts'
import type { Note } from '../model/text/note.ts'

/** KVM works at once or not at all, so 10 s until the first event are enough. */
const PATIENCE = { limits: { ...LIMITS, boot: 10 }, starts: 1 }

/** Tests name another file, so that they do not need the device. QEMU always uses /dev/kvm. */
const device = () => process.env.HITLESS_KVM || '/dev/kvm'

/** Why /dev/kvm cannot be opened; null when it can, which does not mean that a kernel boots with it. */
export function kvmRefuses(): string | null {
  try {
    closeSync(openSync(device(), 'r+'))
    return null
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return code === 'ENOENT' ? `there is no ${device()}` : `${device()} cannot be opened (${message.split(',')[0]})`
  }
}

const Attempt = v.object({
  /** The kernel's name. */
  kernel: v.string(),
  /** Whether its guest told a first event. */
  boots: v.boolean(),
  /** Why it did not; empty when it did. */
  said: v.string(),
  /** ISO 8601. */
  at: v.string(),
})
/** What came of booting one kernel with KVM. */
export type Attempt = v.InferOutput<typeof Attempt>

/** Identifies this boot of the host and its QEMU: what was tried says nothing about another. Null without QEMU. */
async function machine(): Promise<string | null> {
  const qemu = await which('qemu-system-x86_64', { nothrow: true })
  if (!qemu) return null
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')
  return sha256(boot, qemu, String(statSync(qemu).mtimeMs)).slice(0, 12)
}

const KIND = 'kvm'

/** The remembered attempts of this boot of the host with this QEMU, by the SHA-256 of the kernel's image. */
export async function attempts(): Promise<Map<string, Attempt>> {
  const here = await machine()
  const folder = join(cacheRoot(), KIND)
  const names = here ? await readdir(folder).catch(() => []) : []
  const found = names
    .filter((name) => name.endsWith(`-${here}.json`))
    .flatMap((name) => {
      const attempt = readJsonFile(join(folder, name), Attempt)
      return attempt ? [[name.slice(0, -`-${here}.json`.length), attempt] as const] : []
    })
  return new Map(found)
}

const remember = async (image: string, attempt: Attempt) =>
  saveWhole(join(cacheFolder(KIND), `${image}-${await machine()}.json`), `${JSON.stringify(attempt, null, 2)}\n`)

/** A kernel to try, and what a guest needs beside it. */
export type Tried = Pick<Boot, 'root'> & { kernel: Cell['kernel'] & { sha256: string } }

/**
 * Boots a kernel with KVM to find out whether it does. Nothing else tells: on some machines /dev/kvm opens and a boot
 * sector runs, and no kernel gets to its first line. The answer is kept until the host boots again or QEMU changes.
 *
 * @param anew whether to try again a kernel that failed before
 */
export async function bootWithKvm(
  { kernel, root }: Tried,
  note: Note,
  signal: AbortSignal,
  anew: boolean,
): Promise<Attempt> {
  const known = (await attempts()).get(kernel.sha256)
  if (known && (known.boots || !anew)) return known
  const at = new Date().toISOString()
  const told = await firstEvent(probeBoot({ accel: 'kvm', kernel, root }, []), note, signal)
  const attempt = { kernel: kernel.name, boots: told === null, said: told ?? '', at }
  await remember(kernel.sha256, attempt)
  return attempt
}

/** Boots a guest that has nothing to do. Returns why it reported no event, or null when it did, whatever came next. */
async function firstEvent(boot: Boot, note: Note, signal: AbortSignal): Promise<string | null> {
  let told = false
  const observer = observing({
    event: () => {
      told = true
    },
  })
  try {
    const run = (folder: string) =>
      ownCpus().lend((cpus) => runQemu({ ...boot, cpus }, folder, observer, signal, PATIENCE), note, signal)
    await scratch('guest', run)
    return null
  } catch (error) {
    if (signal.aborted || !(error instanceof GuestFailed)) throw error
    return told ? null : error.message
  }
}
