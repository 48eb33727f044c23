import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { PROBES } from '../../cases/probes.ts'
import { cacheFolder, cacheRoot, saveWhole, scratch, sha256 } from '../../images/cache/cache.ts'
import { readJsonFile } from '../../images/cache/json.ts'
import { modulesArchive } from '../../images/rootfs/modules.ts'
import { probeBoot } from '../guest/boot.ts'
import { ownCpus } from '../guest/cpus/pool.ts'
import { type Boot, GuestFailed, observing } from '../guest/guest.ts'
import { GUESTS } from '../guest/guests.ts'
import { FEATURES } from '../model/case/case.ts'
import { Features, type Guest } from '../model/cell.ts'
import type { Note } from '../model/text/note.ts'
import { inRange } from '../model/text/range.ts'

const KIND = 'features'

/** Guests that are asked before the kernel is given up. */
const TRIES = 3

/**
 * What a kernel can do, found out by trying it in a guest of its own. The same image with the same modules and programs
 * gives the same answers, so they are kept; the running kernel is asked each time.
 *
 * @throws GuestFailed when the guest ends before it has answered all
 */
export async function probeFeatures(
  guest: Guest,
  parts: Pick<Boot, 'accel' | 'kernel' | 'root'> & { kernel: { sha256: string | null } },
  note: Note,
  signal: AbortSignal,
): Promise<Features> {
  const boot = probeBoot(parts, FEATURES)
  if (!GUESTS[guest].ownKernel || !parts.kernel.sha256) return ask(guest, boot, note, signal)
  const { archive } = await modulesArchive(parts.kernel.modules, boot.modules)
  const { userland, programs } = parts.root
  const key = sha256(archive, userland, programs, JSON.stringify(boot.files)).slice(0, 12)
  const path = join(cacheFolder(KIND), `${parts.kernel.sha256}-${key}.json`)
  const known = readJsonFile(path, Features)
  if (known) return known
  const features = await ask(guest, boot, note, signal)
  await saveWhole(path, `${JSON.stringify(features, null, 2)}\n`)
  return features
}

/** What is known of a kernel's features without booting it, by the SHA-256 of its image; null when it never was probed. */
export async function knownFeatures(image: string): Promise<Features | null> {
  const folder = join(cacheRoot(), KIND)
  for (const name of await readdir(folder).catch(() => [])) {
    const known = name.startsWith(image) ? readJsonFile(join(folder, name), Features) : null
    if (known) return known
  }
  return null
}

/** What mainline had by a version: a guess, which the guest corrects. */
export function featuresSince(series: string): Features {
  const guess = FEATURES.map((feature) => {
    const { since } = PROBES[feature]
    return [feature, { has: inRange(series, { from: since }), said: `it came with Linux ${since}` }]
  })
  return Object.fromEntries(guess)
}

/**
 * Gives a guest all probes, {@link probeBoot}, and returns its answers.
 *
 * A virtual machine that dies between its answers is asked anew: 1 of 60 emulated guests of Linux 7.2 died so, at a
 * breakpoint that the kernel had set to patch its own code. Its answers are not measurements, so nothing is lost by it.
 *
 * @throws GuestFailed when it ends before the last answer each time
 */
export async function ask(guest: Guest, boot: Boot, note: Note, signal: AbortSignal): Promise<Features> {
  for (let tries = 1; ; tries++) {
    let told = false
    const answers: Partial<Features> = {}
    const observer = observing({
      event: (event) => {
        told = true
        if (event.e === 'probe') answers[event.feature] = { has: event.has, said: event.said.trim() }
      },
    })
    const run = (folder: string) =>
      ownCpus().lend((cpus) => GUESTS[guest].run({ ...boot, cpus }, folder, observer, signal), note, signal)
    try {
      await scratch('guest', run)
      const { success, output } = v.safeParse(Features, answers)
      if (!success) throw new GuestFailed('its guest did not answer all probes')
      return output
    } catch (error) {
      const again = error instanceof GuestFailed && told && GUESTS[guest].ownKernel
      if (!again || signal.aborted || tries === TRIES) throw error
      note(`${error.message}: asking what its kernel can do once more`)
    }
  }
}
