import { readFile } from 'node:fs/promises'
import { lacking } from '../../images/kernels/config.ts'
import type { Options } from '../cli/options.ts'
import { GuestFailed } from '../guest/guest.ts'
import { GUESTS } from '../guest/guests.ts'
import type { Feature } from '../model/case.ts'
import type { CellKernel, Features, RootParts } from '../model/cell.ts'
import { notReady } from '../model/fault.ts'
import type { Note } from '../model/note.ts'
import type { Skipped } from '../model/result.ts'
import { probeFeatures } from './features.ts'
import { type Obtained, type Subject, whereReady } from './kernels.ts'
import { bootWithKvm, kvmRefuses } from './kvm.ts'

/** What kernels are tried with. */
interface Trial {
  accel: Options['accel']
  root: RootParts
  note: Note
  signal: AbortSignal
}

/**
 * Tries what each kernel boots with here, and what it can do. A kernel whose guest does not get through the probes gets
 * the reason in `unprobed`. A kernel that must boot with KVM and does not is skipped while there are others.
 *
 * @throws a Fault (exit 3) when none is left
 */
export async function tryKernels(kernels: Obtained[], means: Trial): Promise<{ found: Subject[]; skipped: Skipped[] }> {
  const closed =
    means.accel !== 'tcg' && kernels.some(({ guest }) => GUESTS[guest].accelerators.includes('kvm'))
      ? kvmRefuses()
      : null
  if (closed && means.accel === 'auto') means.note(`guests run under emulation (TCG): ${closed}`)
  const attempt = (kernel: Obtained) => tryKernel(kernel, closed ? { ...means, accel: 'tcg' } : means)
  return whereReady(kernels, ({ kernel }) => kernel.name, attempt, means.note)
}

/** @throws a Fault (exit 3) when KVM is a must, and its device cannot be opened */
export function requireAccel(accel: Options['accel']) {
  const closed = accel === 'kvm' ? kvmRefuses() : null
  if (closed) throw notReady(`--accel kvm: ${closed}`, '--accel tcg, which runs guests under emulation')
}

async function tryKernel({ kernel: obtained, images, ...facts }: Obtained, means: Trial): Promise<Subject> {
  const { accel, image } = await bootable({ kernel: obtained, images, ...facts }, means)
  const kernel: CellKernel = { ...obtained, image, features: null }
  const config = facts.config === null ? '' : await readFile(facts.config, 'utf8')
  try {
    const answers = await probeFeatures(facts.guest, { accel, kernel, root: means.root }, means.signal)
    return { ...facts, accel, kernel: { ...kernel, features: explained(answers, config) }, unprobed: null }
  } catch (error) {
    if (means.signal.aborted || !(error instanceof GuestFailed)) throw error
    const hint = hintOf(config, accel)
    const reason = [error.message, hint].filter(Boolean).join('; ')
    means.note(`${kernel.name} did not get through the probes: ${reason}`)
    return { ...facts, accel, kernel: { ...kernel, hint }, unprobed: reason }
  }
}

/** What boots a kernel here: KVM only where its own guest reaches its first event. */
async function bootable(
  { kernel: obtained, guest, images }: Obtained,
  { accel, root, note, signal }: Trial,
): Promise<{ accel: Subject['accel']; image: string | null }> {
  const { sha256 } = obtained
  if (!images || !sha256) return { accel: GUESTS[guest].accelerators[0], image: null }
  // QEMU enters an uncompressed kernel at its PVH note; emulation saves the time of unpacking it in the guest.
  const emulated = { accel: 'tcg', image: images.vmlinux ?? images.bzImage } as const
  if (accel === 'tcg') return emulated
  const kernel = { ...obtained, sha256, image: images.bzImage, features: null }
  const attempt = await bootWithKvm({ kernel, root }, signal, accel === 'kvm')
  if (attempt.boots) return { accel: 'kvm', image: images.bzImage }
  const tried = `with KVM ${attempt.said}`
  if (accel === 'kvm')
    throw notReady(`kernel ${obtained.name} does not boot: ${tried}`, '--accel auto, which runs it under emulation')
  note(`${obtained.name} runs under emulation (TCG): ${tried}`)
  return emulated
}

/** What may be wrong with a kernel whose guest does not get through the probes. */
function hintOf(config: string, accel: Subject['accel']): string | undefined {
  const missing = config ? lacking(config, 'guest') : []
  const parts = [
    missing.length && `its configuration lacks ${missing.join(', ')} (npx tsx lab/list.ts config)`,
    accel === 'kvm' && '--accel tcg runs it under emulation',
  ]
  return parts.filter(Boolean).join('; ') || undefined
}

/** Adds the options that the configuration lacks to the answers about missing features. */
function explained(answers: Features, config: string): Features {
  const all = Object.entries(answers).map(([feature, { has, said }]) => {
    const options = has || !config ? [] : lacking(config, feature as Feature)
    return [feature, { has, said: options.length ? `${said}; its configuration lacks ${options.join(', ')}` : said }]
  })
  return Object.fromEntries(all)
}
