import * as v from 'valibot'
import { LoadedCase } from './case/case.ts'
import { Load } from './case/load.ts'
import { Accel, CellKernel, CellProxy, Guest, RootParts } from './cell.ts'
import { amount } from './numbers.ts'
import { Machine } from './result/machine.ts'
import { KernelFacts, Skipped } from './result.ts'

/** A kernel that can be booted, and what is known of it. */
export const ReadyKernel = v.object({
  /** What asked for it, as `--kernel` takes it: more than one where they stand for the same image. */
  specs: v.array(v.string()),
  kernel: CellKernel,
  guest: Guest,
  accel: Accel,
  origin: KernelFacts.entries.origin,
  /** Debian's version, and the SHA-256 of the package. */
  version: v.nullable(v.string()),
  packageSha256: v.nullable(v.string()),
  /** Its configuration, as text: its file may lie on another machine. */
  config: v.nullable(v.string()),
  /** Why its guest did not get through the probes; null when it did. */
  unprobed: v.nullable(v.string()),
})

/** A kernel, and the proxies that are measured on it. */
export const MeasuredKernel = v.object({ ...ReadyKernel.entries, proxies: v.array(CellProxy) })

/** As much of it as is needed to find out what it carries. */
export const CapacityKernel = v.pick(MeasuredKernel, ['kernel', 'guest', 'accel', 'unprobed', 'proxies'])

/** How many connections a kernel and a proxy carry without reloads. */
export const Capacity = v.object({
  /** The names of the kernel and the proxy, as `proxyName` writes it. */
  kernel: v.string(),
  proxy: v.string(),
  /** Connections a second. */
  perSecond: amount,
  /** The load that found it out, and the machine, of which alone it is true. */
  load: Load,
  machine: Machine,
})

/** What a plan needs to know of a proxy, as lab/model/case/proxy.ts has it. */
const Traits = v.object({
  name: v.string(),
  title: v.string(),
  sections: v.pipe(v.array(v.string()), v.readonly()),
  reload: v.string(),
})

/** Everything that a request needs, as it exists where its cells are carried out: what they are planned from. */
export const Prepared = v.object({
  /** The oldest first. */
  kernels: v.array(MeasuredKernel),
  /** Unavailable kernels. */
  skipped: v.array(Skipped),
  cases: v.array(LoadedCase),
  root: RootParts,
  /** Debian's version of each source package that was built. */
  sources: v.record(v.string(), v.string()),
  /** What their proxies are, whatever the version. */
  traits: v.pipe(v.array(Traits), v.readonly()),
  /** Only where a load needs them, and where they could be found out. */
  capacities: v.array(Capacity),
})

export type ReadyKernel = v.InferOutput<typeof ReadyKernel>
export type MeasuredKernel = v.InferOutput<typeof MeasuredKernel>
export type CapacityKernel = v.InferOutput<typeof CapacityKernel>
export type Capacity = v.InferOutput<typeof Capacity>
export type Prepared = v.InferOutput<typeof Prepared>
