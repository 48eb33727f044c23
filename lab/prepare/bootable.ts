import { readFile } from 'node:fs/promises'
import { lacking } from '../../images/kernels/config.ts'
import type { CpuPool } from '../guest/cpus/pool.ts'
import { GuestFailed } from '../guest/guest.ts'
import { GUESTS } from '../guest/guests.ts'
import type { Feature } from '../model/case/case.ts'
import type { CellKernel, Features, RootParts } from '../model/cell.ts'
import { notReady } from '../model/fault.ts'
import type { ReadyKernel } from '../model/prepared.ts'
import type { Request } from '../model/request.ts'
import type { Skipped } from '../model/result.ts'
import type { Note } from '../model/text/note.ts'
import { probeFeatures } from './features.ts'
import { type Obtained, whereReady } from './kernels.ts'
import { bootWithKvm, kvmRefuses } from './kvm.ts'

/** What a guest that tries something before the run needs. */
export interface Trial {
  root: RootParts
  note: Note
  signal: AbortSignal
  /** Where its guests get CPUs, if not from those of this process. */
  cpus?: CpuPool
  /** Whether none of the kernels need boot: other machines may have others. */
  mayBeNone?: boolean
}

/**
 * Tries what each kernel boots with here, and what it can do. A kernel whose guest does not get through the probes is
 * kept with the reason. A kernel that must boot with KVM and does not is skipped while there are others.
 *
 * @throws a Fault (exit 3) when none is left
 */
export async function tryKernels(
  kernels: Obtained[],
  accel: Request['accel'],
  trial: Trial,
): Promise<{ ready: ReadyKernel[]; skipped: Skipped[] }> {
  const closed =
    accel !== 'tcg' && kernels.some(({ guest }) => GUESTS[guest].accelerators.includes('kvm')) ? kvmRefuses() : null
  if (closed && accel === 'auto') trial.note(`guests run under emulation (TCG): ${closed}`)
  const attempt = (obtained: Obtained) => tryKernel(obtained, closed ? 'tcg' : accel, trial)
  const { found, skipped } = await whereReady(
    kernels,
    ({ kernel }) => kernel.name,
    attempt,
    trial.note,
    trial.mayBeNone ?? false,
  )
  return { ready: found, skipped }
}

/** @throws a Fault (exit 3) when KVM is required and its device cannot be opened */
export function requireAccel(accel: Request['accel']) {
  const closed = accel === 'kvm' ? kvmRefuses() : null
  if (closed) throw notReady(`--accel kvm: ${closed}`, '--accel tcg, which runs guests under emulation')
}

async function tryKernel(obtained: Obtained, wanted: Request['accel'], trial: Trial): Promise<ReadyKernel> {
  const { images, config: path, ...rest } = obtained
  const { accel, image } = await bootable(obtained, wanted, trial)
  const kernel: CellKernel = { ...obtained.kernel, image, features: null }
  const facts = { ...rest, config: path === null ? null : await readFile(path, 'utf8') }
  const config = facts.config ?? ''
  try {
    const answers = await probeFeatures(facts.guest, { accel, kernel, root: trial.root }, trial.note, trial.signal)
    return { ...facts, accel, kernel: { ...kernel, features: explained(answers, config) }, unprobed: null }
  } catch (error) {
    if (trial.signal.aborted || !(error instanceof GuestFailed)) throw error
    const hint = hintOf(config, accel)
    const reason = [error.message, hint].filter(Boolean).join('; ')
    trial.note(`${kernel.name} did not get through the probes: ${reason}`)
    return { ...facts, accel, kernel: { ...kernel, hint }, unprobed: reason }
  }
}

/** What boots a kernel here: KVM only where its own guest reaches its first event. */
async function bootable(
  { kernel, guest, images, accel }: Obtained,
  wanted: Request['accel'],
  { root, note, signal }: Trial,
): Promise<{ accel: ReadyKernel['accel']; image: string | null }> {
  if (!images || !kernel.sha256) return { accel: accel ?? GUESTS[guest].accelerators[0], image: null }
  // QEMU enters an uncompressed kernel at its PVH note; emulation saves the time of unpacking it in the guest.
  const emulated = { accel: 'tcg', image: images.vmlinux ?? images.bzImage } as const
  if (wanted === 'tcg') return emulated
  const compressed = { ...kernel, sha256: kernel.sha256, image: images.bzImage, features: null }
  const attempt = await bootWithKvm({ kernel: compressed, root }, note, signal, wanted === 'kvm')
  if (attempt.boots) return { accel: 'kvm', image: images.bzImage }
  const reason = `with KVM ${attempt.said}`
  if (wanted === 'kvm')
    throw notReady(`kernel ${kernel.name} does not boot: ${reason}`, '--accel auto, which runs it under emulation')
  note(`${kernel.name} runs under emulation (TCG): ${reason}`)
  return emulated
}

/** What may be wrong with a kernel whose guest does not get through the probes. */
function hintOf(config: string, accel: ReadyKernel['accel']): string | undefined {
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
