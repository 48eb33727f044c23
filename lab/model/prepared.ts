import * as v from 'valibot'
import { LoadedCase } from './case/case.ts'
import { Accel, CellKernel, CellProxy, Guest, RootParts } from './cell.ts'
import { Capacity } from './result/capacity.ts'
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
export type Prepared = v.InferOutput<typeof Prepared>
