import type { LoadedCase } from './case.ts'
import type { Cell, CellKernel, CellProxy, Guest, RootParts } from './cell.ts'
import type { ProxyTraits } from './proxy.ts'
import type { KernelFacts, Skipped } from './result.ts'

/** A kernel that can be booted here, and what is known of it. */
export interface ReadyKernel {
  /** What asked for it, as `--kernel` takes it: more than one where they stand for the same image. */
  specs: string[]
  kernel: CellKernel
  guest: Guest
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

/** A kernel, and the proxies that are measured on it. */
export interface MeasuredKernel extends ReadyKernel {
  proxies: CellProxy[]
}

/** How many connections a kernel and a proxy carry without reloads. */
export interface Capacity {
  /** The names of the kernel and the proxy, as `proxyName` writes it. */
  kernel: string
  proxy: string
  /** Connections a second. */
  perSecond: number
}

/** Everything that a request needs, as it exists here: what its cells are planned from. */
export interface Prepared {
  /** The oldest first. */
  kernels: MeasuredKernel[]
  /** Unavailable kernels. */
  skipped: Skipped[]
  cases: LoadedCase[]
  root: RootParts
  /** Debian's version of each source package that was built. */
  sources: Record<string, string>
  /** What their proxies are, whatever the version. */
  traits: readonly ProxyTraits[]
  /** Only where a load needs them, and where they could be found out. */
  capacities: Capacity[]
}
