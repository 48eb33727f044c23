import { release } from 'node:os'
import { seriesOf } from '../../images/kernels/catalogue.ts'
import { obtainKernel } from '../../images/kernels/obtain.ts'
import { requireNamespaces } from '../guest/host/namespaces.ts'
import type { Cell, CellKernel } from '../model/cell.ts'
import { EXIT, Fault, notReady } from '../model/fault.ts'
import type { Note } from '../model/note.ts'
import { older } from '../model/range.ts'
import type { KernelFacts, Skipped } from '../model/result.ts'
import type { Supply } from '../model/supply.ts'

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

/** A kernel that is there, before anything was tried on it. */
export interface Obtained extends Pick<Subject, 'origin' | 'version' | 'packageSha256' | 'config'> {
  kernel: Pick<CellKernel, 'name' | 'series' | 'sha256' | 'modules'>
  /** What QEMU can boot, and the kernel inside where it can be entered directly; null: the running kernel. */
  images: { bzImage: string; vmlinux: string | null } | null
}

/**
 * Obtains kernels. One that cannot be had is skipped as a whole while there are others.
 *
 * @param specs what `--kernel` stands for, one by one
 * @throws a Fault: exit 2 when there is no such kernel, exit 3 when none of them can be had
 */
export async function obtainKernels(
  specs: string[],
  supply: Supply,
): Promise<{ found: Obtained[]; skipped: Skipped[] }> {
  const { note } = supply
  const obtain = (spec: string) => (spec === 'host' ? runningKernel() : fetched(spec, supply))
  const { found, skipped } = await whereReady(specs, (spec) => spec, obtain, note)
  return { found: inOrder(toldApart(found, note)), skipped }
}

/**
 * Does something with each kernel. One for which that ends with exit 3 is skipped as a whole while there are others.
 *
 * @throws a Fault (exit 3) when none is left
 */
export async function whereReady<K, R>(
  kernels: K[],
  nameOf: (kernel: K) => string,
  attempt: (kernel: K) => Promise<R>,
  note: Note,
): Promise<{ found: R[]; skipped: Skipped[] }> {
  const found: R[] = []
  const faults: { kernel: string; fault: Fault }[] = []
  for (const kernel of kernels) {
    try {
      found.push(await attempt(kernel))
    } catch (error) {
      if (!(error instanceof Fault && error.exit === EXIT.notReady)) throw error
      faults.push({ kernel: nameOf(kernel), fault: error })
    }
  }
  const [only, ...others] = faults
  if (only && !found.length) {
    if (!others.length) throw only.fault
    throw notReady(
      `none of these kernels can be had:\n${faults.map(({ fault }) => fault.message).join('\n')}`,
      only.fault.hint,
    )
  }
  for (const { fault } of faults) note(`skipping: ${fault.message}`)
  return { found, skipped: faults.map(({ kernel, fault }) => ({ kernel, case: '*', reason: fault.message })) }
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

async function fetched(spec: string, supply: Supply): Promise<Obtained> {
  const { name, series, sha256, image, vmlinux, modules, ...of } = await obtainKernel(spec, supply)
  const { origin, version, debSha256: packageSha256, config } = of
  return {
    kernel: { name, series, sha256, modules },
    images: { bzImage: image, vmlinux },
    origin,
    version,
    packageSha256,
    config,
  }
}

async function runningKernel(): Promise<Obtained> {
  await requireNamespaces()
  const name = release()
  const kernel = { name, series: seriesOf(name), sha256: null, modules: null }
  return { kernel, images: null, origin: 'host', version: null, packageSha256: null, config: null }
}

/**
 * Each image once, with all that is known of it, wherever it was given; where two are called alike, as two builds of one
 * tree are, their names get a part of the hash.
 */
function toldApart(found: Obtained[], note: Note): Obtained[] {
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

const inOrder = (found: Obtained[]) =>
  found.toSorted((a, b) => Number(older(b.kernel.name, a.kernel.name)) - Number(older(a.kernel.name, b.kernel.name)))
