import { readFile } from 'node:fs/promises'
import { release } from 'node:os'
import type { Feature } from '../../cases/case.ts'
import { older } from '../../cases/range.ts'
import type { Note } from '../../images/apt.ts'
import { lacking, requireBootable } from '../../images/config.ts'
import { EXIT, Fault, notReady } from '../../images/fault.ts'
import { obtainKernel } from '../../images/kernel.ts'
import { seriesOf } from '../../images/kernels.ts'
import type { RootParts } from '../../images/root.ts'
import { type Cpus, GuestFailed } from '../guest/guest.ts'
import { probeFeatures } from '../guest/probe.ts'
import type { KernelFacts, Skipped } from '../measure/result.ts'
import type { Cell, CellKernel, Features } from './cell.ts'

/** A kernel that is there, and what is known of it. */
export interface Subject {
  kernel: CellKernel
  accel: Cell['accel']
  origin: KernelFacts['origin']
  /** Debian's version, and the SHA-256 of the package. */
  version: string | null
  packageSha256: string | null
  /** Path of its configuration. */
  config: string | null
  /** Why its guest did not get through the probes; null when it did. */
  unprobed: string | null
}

type Unprobed = Omit<Subject, 'unprobed'>

/**
 * Obtains kernels. One that cannot be had is skipped as a whole while there are others.
 *
 * @param specs what `--kernel` stands for, one by one
 * @throws a Fault: exit 2 when there is no such kernel, exit 3 when none of them can be had
 */
export async function obtainKernels(
  specs: string[],
  accel: Cell['accel'],
  note: Note,
): Promise<{ found: Unprobed[]; skipped: Skipped[] }> {
  const found: Unprobed[] = []
  const faults: { spec: string; fault: Fault }[] = []
  for (const spec of specs) {
    try {
      found.push(spec === 'host' ? runningKernel() : await fetched(spec, accel, note))
    } catch (error) {
      if (!(error instanceof Fault && error.exit === EXIT.notReady)) throw error
      faults.push({ spec, fault: error })
    }
  }
  const [only, ...others] = faults
  if (only && !found.length) {
    if (!others.length) throw only.fault
    throw notReady(`none of these kernels can be had:\n${faults.map(({ fault }) => fault.message).join('\n')}`)
  }
  for (const { fault } of faults) note(`skipping: ${fault.message}`)
  const skipped = faults.map(({ spec, fault }) => ({ kernel: spec, case: '*', reason: fault.message }))
  return { found: inOrder(toldApart(found, note)), skipped }
}

/** Tries what each kernel can do. A guest that does not get through the probes leaves its reason. */
export async function probed(
  found: Unprobed[],
  root: RootParts,
  cpus: Cpus,
  note: Note,
  signal: AbortSignal,
): Promise<Subject[]> {
  const subjects: Subject[] = []
  for (const { kernel, accel, ...facts } of found) {
    try {
      const answers = await probeFeatures({ accel, kernel, root }, cpus, signal)
      const features = facts.config === null ? answers : explained(answers, await readFile(facts.config, 'utf8'))
      subjects.push({ ...facts, accel, kernel: { ...kernel, features }, unprobed: null })
    } catch (error) {
      if (signal.aborted || !(error instanceof GuestFailed)) throw error
      note(`${kernel.name} did not get through the probes: ${error.message}`)
      subjects.push({ ...facts, accel, kernel, unprobed: error.message })
    }
  }
  return subjects
}

/** The answers, with the options that a feature wants and the configuration lacks. */
function explained(answers: Features, config: string): Features {
  const all = Object.entries(answers).map(([feature, { has, said }]) => {
    const options = has ? [] : lacking(config, feature as Feature)
    return [feature, { has, said: options.length ? `${said}; its configuration lacks ${options.join(', ')}` : said }]
  })
  return Object.fromEntries(all)
}

/** What a result says of a kernel. Its configuration is saved in the run's folder. */
export const kernelFacts = ({ kernel, origin, version, packageSha256 }: Subject, config: KernelFacts['config']) =>
  ({
    kernel: kernel.name,
    series: kernel.series,
    origin,
    version,
    imageSha256: kernel.sha256,
    packageSha256,
    config,
    features: kernel.features ?? {},
  }) satisfies KernelFacts

async function fetched(spec: string, accel: Cell['accel'], note: Note): Promise<Unprobed> {
  const { name, series, sha256, image, vmlinux, modules, ...of } = await obtainKernel(spec, { note })
  if (of.config !== null) requireBootable({ name }, await readFile(of.config, 'utf8'))
  // QEMU enters an uncompressed kernel at its PVH note; emulation saves the time of unpacking it in the guest.
  const kernel = { name, series, sha256, image: (accel === 'tcg' && vmlinux) || image, modules, features: null }
  return { kernel, accel, origin: of.origin, version: of.version, packageSha256: of.debSha256, config: of.config }
}

function runningKernel(): Unprobed {
  const name = release()
  const kernel = { name, series: seriesOf(name), sha256: null, image: null, modules: null, features: null }
  return { kernel, accel: 'native', origin: 'host', version: null, packageSha256: null, config: null }
}

/**
 * Each image once, with all that is known of it, wherever it was given; where two are called alike, as two builds of one
 * tree are, their names get a part of the hash.
 */
function toldApart(found: Unprobed[], note: Note): Unprobed[] {
  const unique = [...new Set(found.map(({ kernel }) => kernel.sha256))].map((sha256) => {
    const same = found.filter(({ kernel }) => kernel.sha256 === sha256)
    const one = same.find(({ packageSha256 }) => packageSha256) ?? same[0]!
    const config = one.config ?? same.find(({ config }) => config)?.config ?? null
    const modules = one.kernel.modules ?? same.find(({ kernel }) => kernel.modules)?.kernel.modules ?? null
    if (same.length > 1) note(`${one.kernel.name} was given ${same.length} times, as the same image: it is one kernel`)
    return { ...one, config, kernel: { ...one.kernel, modules } }
  })
  return unique.map((one) => {
    const { name, sha256 } = one.kernel
    const alike = unique.filter((other) => other.kernel.name === name)
    return alike.length === 1 || !sha256
      ? one
      : { ...one, kernel: { ...one.kernel, name: `${name} (${sha256.slice(0, 8)})` } }
  })
}

const inOrder = (found: Unprobed[]) =>
  found.toSorted((a, b) => Number(older(b.kernel.name, a.kernel.name)) - Number(older(a.kernel.name, b.kernel.name)))
