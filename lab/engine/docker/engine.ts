import { hasFlock } from '../../../images/cache/lock.ts'
import { lockFolder } from '../../guest/cpus/lock.ts'
import { cpuNumbers, pairsOf } from '../../guest/cpus/pairs.ts'
import { CpuPool } from '../../guest/cpus/pool.ts'
import type { Cpus } from '../../guest/guest.ts'
import { bootId } from '../../guest/machine.ts'
import type { Load } from '../../model/case/load.ts'
import type { Cell, RootParts, Start } from '../../model/cell.ts'
import { usage } from '../../model/fault.ts'
import type { Outcome } from '../../model/outcome.ts'
import type { Capacity, CapacityKernel, Prepared } from '../../model/prepared.ts'
import type { Request } from '../../model/request.ts'
import type { Supply } from '../../model/supply.ts'
import { list } from '../../model/text/amounts.ts'
import type { BootObserver, Engine } from '../engine.ts'
import { onOwnCpus } from '../on-own-cpus.ts'
import type { Machine } from '../remote/protocol.ts'
import { Seen } from '../seen.ts'
import { Patience } from './away.ts'
import { type Daemon, diskFault, reachDaemon } from './daemon.ts'
import { ensureImage, type Image } from './image.ts'
import { BOOT_MEMORY, type Rights } from './rights.ts'
import { type Workshop, work } from './work.ts'

/** What preparing may do, and who takes what it finds out: lab/prepare/prepare.ts. */
interface PrepareOptions {
  keep: (name: string, text: string) => void
  mayBeNone: boolean
}

/** An engine whose cells run in containers, and what else can be done there. */
export interface DockerEngine extends Engine {
  /** The machine that the daemon runs on, as a container sees it. */
  machine: Machine
  /** The daemon's version. */
  version: string
  image: Image
  /** Makes what requests need exist in the daemon's volume. */
  prepare: (requests: Request[], supply: Supply, options: PrepareOptions) => Promise<Prepared[]>
  /** Finds out what a kernel carries there. @throws a Fault where it cannot */
  capacities: (load: Load, kernel: CapacityKernel, root: RootParts, keep: PrepareOptions['keep']) => Promise<Capacity[]>
}

/**
 * Carries boots out in containers of a Docker daemon, each on two CPUs that no other guest of any lab has. The lab's
 * image is built first where the daemon lacks it.
 *
 * @param files of the user's that the cells need: the containers may read them
 * @param supply whose signal ends what has none of its own
 * @param named whether a run has other machines, so that this one's name must tell it from them
 * @throws a Fault (exit 3) that says why there is no daemon, or no image
 */
export async function dockerEngine(files: string[], supply: Supply, named: boolean): Promise<DockerEngine> {
  const { note, signal } = supply
  const daemon = await reachDaemon()
  requireLocal(daemon, files, 'docker')
  const image = await ensureImage(daemon, supply)
  const shop: Workshop = { daemon, image: image.id, note, patience: new Patience(daemon, note) }
  const [machine, info] = await Promise.all([describe(shop, signal), daemon.docker.info()])
  // Of another machine this process sees no labs but itself.
  const isHere = machine.bootId === bootId()
  // A host may have nothing but Node.js and Docker.
  const canLock = isHere && (await hasFlock())
  if (isHere && !canLock) note('flock is not on the PATH: another lab on this machine may take the same CPUs')
  const locks = canLock ? lockFolder() : null
  const rights: Rights = { network: 'none', cpus: null, memory: null, kvm: false, files }
  const cpus = new CpuPool(pairsOf(cpuNumbers(machine.allowed), machine.cores), locks)
  return {
    machine,
    version: daemon.version,
    image,
    slots: cpus.slots,
    obstacle: async (cell) => (await work(shop, { do: 'check', cell }, rights, {}, signal)).answer,
    run: async (start, observer, signal) => {
      const onPair = (pair: Cpus) =>
        carryOut(shop, start, { ...rights, ...rightsOf(start.cell, pair) }, observer, signal)
      const outcome = await onOwnCpus(cpus, onPair, observer, signal)
      return named ? onMachine(outcome, info.Name) : outcome
    },
    prepare: (requests, supply, { keep, mayBeNone }) => {
      const kvm = machine.kvm === null && requests.some(({ accel }) => accel !== 'tcg')
      return prepareIn(shop, requests, { supply, keep, mayBeNone, kvm, files, locks })
    },
    capacities: async (load, kernel, root, keep) => {
      const order = { do: 'capacity' as const, load, kernel, root }
      const may = { ...rights, memory: BOOT_MEMORY, kvm: kernel.accel === 'kvm', locks }
      return (await work(shop, order, may, { note, keep }, signal)).answer
    },
  }
}

/** What preparing in a container may use and do. */
interface Preparing {
  supply: Supply
  keep: (name: string, text: string) => void
  /** As lab/prepare/prepare.ts has it. */
  mayBeNone: boolean
  kvm: boolean
  files: string[]
  /** Where labs agree who has which CPUs; null: not on this machine. */
  locks?: string | null
  /** Whether it is also found out what the kernels carry. */
  capacities?: boolean
}

/** Makes what requests need exist in the daemon's volume, with the daemon's network. */
export async function prepareIn(
  shop: Workshop,
  requests: Request[],
  { supply, keep, mayBeNone, kvm, files, locks = null, capacities = true }: Preparing,
): Promise<Prepared[]> {
  const { mirror, archive, snapshot, keyring, offline, note, signal } = supply
  const order = {
    do: 'prepare' as const,
    requests,
    supply: { mirror, archive, snapshot, keyring, offline },
    capacities,
    mayBeNone,
  }
  const rights: Rights = {
    network: shop.daemon.bridged ? 'default' : 'host',
    cpus: null,
    memory: null,
    kvm,
    files,
    locks,
  }
  return (await work(shop, order, rights, { note, keep }, signal)).answer
}

const rightsOf = ({ accel }: Cell, { proxy, generator }: Cpus) => ({
  cpus: [...new Set([proxy, generator])].join(','),
  memory: BOOT_MEMORY,
  kvm: accel === 'kvm',
})

/** Sees to it that a daemon can have files of this machine. @throws a Fault (exit 2) where it cannot have those that are needed */
export function requireLocal({ local, where }: Daemon, files: string[], engine: string) {
  if (local || !files.length) return
  throw usage(
    `--engine ${engine}: the daemon at ${where} cannot read ${list(files)} of this machine; expected kernels, proxies and cases of the lab's own, or a daemon at unix://`,
  )
}

/** Asks with the device first: only the daemon's machine knows whether it has one. */
async function describe(shop: Workshop, signal: AbortSignal): Promise<Machine> {
  const rights: Rights = { network: 'none', cpus: null, memory: null, kvm: true, files: [] }
  const ask = async (rights: Rights) => (await work(shop, { do: 'describe' }, rights, {}, signal)).answer
  try {
    return await ask(rights)
  } catch (error) {
    if (!/\/dev\/kvm/.test((error as Error).message)) throw error
    return ask({ ...rights, kvm: false })
  }
}

async function carryOut(
  shop: Workshop,
  { cell, boot }: Start,
  rights: Rights,
  observer: BootObserver,
  signal: AbortSignal,
): Promise<Outcome> {
  const seen = new Seen()
  try {
    const { answer, outOfMemory } = await work(shop, { do: 'run', cell, boot }, rights, seen.watching(observer), signal)
    if (answer.kind === 'interrupted' && !signal.aborted)
      return seen.failed('its container was stopped from outside, as a daemon does that ends')
    if (answer.kind === 'failed' && NO_SPACE.test(answer.reason))
      return { ...answer, reason: diskFault(new Error(answer.reason), shop.daemon).message }
    if (answer.kind === 'failed' && outOfMemory)
      return { ...answer, reason: `${answer.reason}; ${outOf(rights.memory)}` }
    return answer
  } catch (error) {
    return signal.aborted ? { kind: 'interrupted' } : seen.failed((error as Error).message)
  }
}

/** How Node.js says that a disk is full. A guest's programs say it otherwise, of disks of their own. */
const NO_SPACE = /^(ENOSPC|EDQUOT):/

/** The same with the name of the daemon's machine; a worker knows only that of its container. */
function onMachine(outcome: Outcome, name: string): Outcome {
  if (outcome.kind === 'interrupted' || !outcome.facts.machine) return outcome
  return { ...outcome, facts: { ...outcome.facts, machine: { ...outcome.facts.machine, name } } }
}

const outOf = (memory: number | null) => `its container ran out of memory (${(memory ?? 0) / 2 ** 20} MiB)`
