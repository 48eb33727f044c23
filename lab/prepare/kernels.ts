import { release } from 'node:os'
import { isMachine, seriesOf } from '../../images/kernels/catalogue.ts'
import { obtainKernel } from '../../images/kernels/obtain.ts'
import { GUESTS, guestFor } from '../guest/guests.ts'
import { bringUp, requireMachines } from '../guest/vagrant/machines.ts'
import type { CellKernel } from '../model/cell.ts'
import { EXIT, Fault, notReady } from '../model/fault.ts'
import type { ReadyKernel } from '../model/prepared.ts'
import type { KernelFacts, Skipped } from '../model/result.ts'
import type { Supply } from '../model/supply.ts'
import type { Note } from '../model/text/note.ts'
import { older } from '../model/text/range.ts'

/** A kernel that was obtained and not tried yet. */
export interface Obtained extends Pick<ReadyKernel, 'specs' | 'guest' | 'origin' | 'version' | 'packageSha256'> {
  kernel: Pick<CellKernel, 'name' | 'series' | 'sha256' | 'modules' | 'machine'>
  /** Path of its configuration. */
  config: string | null
  /** What executes it, where that is known already. */
  accel?: ReadyKernel['accel']
  /** What QEMU can boot, and the kernel inside where it can be entered directly; null: the running kernel. */
  images: { bzImage: string; vmlinux: string | null } | null
}

/**
 * Obtains kernels. An unavailable one is skipped as a whole while there are others.
 *
 * @param specs what `--kernel` stands for, one by one
 * @param mayBeNone whether none of them need be available: other machines may have others
 * @throws a Fault: exit 2 when there is no such kernel, exit 3 when none of them is available
 */
export async function obtainKernels(
  specs: string[],
  supply: Supply,
  mayBeNone = false,
): Promise<{ found: Obtained[]; skipped: Skipped[] }> {
  const { note } = supply
  // Before the first of them is brought up, which takes minutes.
  await requireKnownMachines(specs)
  const obtain = async (spec: string) => {
    const guest = guestFor(spec)
    await GUESTS[guest].requireHost()
    if (guest === 'vagrant') return { specs: [spec], guest, ...(await kernelOfMachine(spec, supply)) }
    return { specs: [spec], guest, ...(GUESTS[guest].ownKernel ? await fetched(spec, supply) : runningKernel()) }
  }
  const { found, skipped } = await whereReady(specs, (spec) => spec, obtain, note, mayBeNone)
  return { found: inOrder(toldApart(found, note)), skipped }
}

/** Whether the Vagrantfile has the machines among what `--kernel` stands for. @throws as {@link requireMachines} */
export async function requireKnownMachines(specs: string[]): Promise<void> {
  const machines = specs.filter(isMachine).map(machineOf)
  if (machines.length) await requireMachines(machines)
}

/**
 * Does something with each kernel. A kernel for which that ends with exit 3 is skipped as a whole while there are others.
 *
 * @param mayBeNone whether none need be left
 * @throws a Fault (exit 3) when none is left
 */
export async function whereReady<K, R>(
  kernels: K[],
  nameOf: (kernel: K) => string,
  attempt: (kernel: K) => Promise<R>,
  note: Note,
  mayBeNone: boolean,
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
  if (only && !found.length && !mayBeNone) {
    if (!others.length) throw only.fault
    throw notReady(
      `none of these kernels is available:\n${faults.map(({ fault }) => fault.message).join('\n')}`,
      only.fault.hint,
    )
  }
  for (const { fault } of faults) note(`skipping: ${fault.message}`)
  return { found, skipped: faults.map(({ kernel, fault }) => ({ kernel, case: '*', reason: fault.message })) }
}

/** What a result says of a kernel. Its configuration is saved in the run's folder. */
export const kernelFacts = (
  { specs, kernel, origin, version, packageSha256 }: ReadyKernel,
  config: KernelFacts['config'],
) =>
  ({
    kernel: kernel.name,
    series: kernel.series,
    asked: specs,
    origin,
    version,
    imageSha256: kernel.sha256,
    packageSha256,
    config,
    features: kernel.features ?? {},
  }) satisfies KernelFacts

async function fetched(spec: string, supply: Supply): Promise<Omit<Obtained, 'guest' | 'specs'>> {
  const { name, series, sha256, image, vmlinux, modules, ...obtained } = await obtainKernel(spec, supply)
  const { origin, version, debSha256: packageSha256, config } = obtained
  return {
    kernel: { name, series, sha256, modules },
    images: { bzImage: image, vmlinux },
    origin,
    version,
    packageSha256,
    config,
  }
}

function runningKernel(): Omit<Obtained, 'guest' | 'specs'> {
  const name = release()
  const kernel = { name, series: seriesOf(name), sha256: null, modules: null }
  return { kernel, images: null, origin: 'host', version: null, packageSha256: null, config: null }
}

const machineOf = (spec: string) => spec.replace('vagrant:', '')

/** A machine of Vagrant's, which is brought up for it. */
async function kernelOfMachine(spec: string, { note, signal }: Supply): Promise<Omit<Obtained, 'guest' | 'specs'>> {
  const machine = machineOf(spec)
  const { release, accel } = await bringUp(machine, note, signal)
  const kernel = { name: release, series: seriesOf(release), sha256: null, modules: null, machine }
  return { kernel, accel, images: null, origin: 'vagrant', version: null, packageSha256: null, config: null }
}

/**
 * Each image once, with all that is known of it, however often it was given. Two images may have the same name, as two
 * builds of one tree do: then their names get a part of the hash.
 */
function toldApart(found: Obtained[], note: Note): Obtained[] {
  // One without an image is that of its machine, or the running one.
  const keyOf = ({ kernel }: Obtained) => kernel.sha256 ?? kernel.machine ?? ''
  const unique = [...new Set(found.map(keyOf))].map((key) => {
    const same = found.filter((one) => keyOf(one) === key)
    const one = same.find(({ packageSha256 }) => packageSha256) ?? same[0]!
    const config = one.config ?? same.find(({ config }) => config)?.config ?? null
    const modules = one.kernel.modules ?? same.find(({ kernel }) => kernel.modules)?.kernel.modules ?? null
    if (same.length > 1) note(`${one.kernel.name} was given ${same.length} times, as the same image: it is one kernel`)
    return { ...one, specs: same.flatMap(({ specs }) => specs), config, kernel: { ...one.kernel, modules } }
  })
  return unique.map((one) => {
    const { name, sha256 } = one.kernel
    const alike = unique.filter((other) => other.kernel.name === name)
    return alike.length === 1 || !sha256
      ? one
      : { ...one, kernel: { ...one.kernel, name: `${name} (${sha256.slice(0, 8)})` } }
  })
}

/** The oldest first. */
export const inOrder = <K extends { kernel: Pick<CellKernel, 'name'> }>(found: K[]): K[] =>
  found.toSorted((a, b) => Number(older(b.kernel.name, a.kernel.name)) - Number(older(a.kernel.name, b.kernel.name)))
