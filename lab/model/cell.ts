import * as v from 'valibot'
import { Case, FEATURES } from './case/case.ts'
import { Load } from './case/load.ts'
import { count } from './numbers.ts'

/** Where a cell runs: in a virtual machine, in fresh namespaces of the running kernel, or in those of a machine of Vagrant's. */
export const Guest = v.picklist(['qemu', 'host', 'vagrant'])

/** What executes a guest's code: emulation, the CPU under KVM or VirtualBox, or the CPU itself. */
export const Accel = v.picklist(['tcg', 'kvm', 'virtualbox', 'native'])

/** Whether a kernel has a feature, and what the attempt said. */
export const Answer = v.object({ has: v.boolean(), said: v.string() })

/** What a kernel can do; found out in a guest, see lab/prepare/features.ts. */
export const Features = v.object(v.entriesFromList(FEATURES, Answer))

/** The same in a saved plan: older ones know nothing of features that labs learnt to try since. */
const KnownFeatures = v.partial(Features)

const name = v.pipe(v.string(), v.nonEmpty())

/**
 * A file or directory by its content: `sha256:` and the hash. The engine finds it (lab/guest/parts.ts). In the plans of
 * older runs it is a path.
 */
const part = name

/** A kernel that a cell runs on, obtained and unpacked; or the running one. */
export const CellKernel = v.object({
  /** `uname -r`, or what the image calls itself. */
  name: v.string(),
  series: v.string(),
  /** SHA-256 of the image; null for the running kernel. */
  sha256: v.nullable(v.string()),
  /** What QEMU boots: an uncompressed vmlinux where its PVH entry can be used, else a bzImage; null: the running kernel. */
  image: v.nullable(part),
  /** What is in .../lib/modules/VERSION. */
  modules: v.nullable(part),
  /** The machine of the Vagrantfile that runs it, where one does. */
  machine: v.optional(name),
  /** Null when its guest did not get through the probes. */
  features: v.nullable(KnownFeatures),
  /** What may be wrong with it, where its guest did not get through the probes. */
  hint: v.optional(v.string()),
})

/** The proxy of a cell. */
export const ProxyFacts = v.object({
  name: v.pipe(v.string(), v.nonEmpty()),
  version: v.string(),
  /** tune.maxaccept: connections that it accepts in one go; -1: all. */
  maxaccept: v.pipe(v.number(), v.integer(), v.minValue(-1)),
})

/** The proxy of a cell, with its program. */
export const CellProxy = v.object({ ...ProxyFacts.entries, path: part })

/** What a guest's root file system is made of, built and cached. */
export const RootParts = v.object({
  /** Directory with busybox, iptables, nft, tc and ip. */
  userland: part,
  /** Directory with the lab's own programs. */
  programs: part,
  /** Directory with ab and the certificate of a proxy with TLS, where ab makes the load. */
  ab: v.optional(part),
})

/**
 * One kernel × proxy × case × load: all that an engine needs to run it anywhere, boot by boot. Serialisable.
 */
export const Cell = v.object({
  /** What tells it from the others of its run; also its folder in the run. */
  name,
  guest: Guest,
  accel: Accel,
  kernel: CellKernel,
  root: RootParts,
  proxy: CellProxy,
  case: Case,
  load: Load,
  /** In how many boots it is measured; until sure: in how many at most. */
  boots: v.pipe(count, v.minValue(1)),
  /** Whether it gets boots only until its verdict is decided, and those of the cells that are compared with it. */
  untilSure: v.optional(v.boolean()),
  /** Of the permutations that comparisons draw. */
  seed: count,
})

export type Guest = v.InferOutput<typeof Guest>
export type Accel = v.InferOutput<typeof Accel>
export type Features = v.InferOutput<typeof Features>
export type ProxyFacts = v.InferOutput<typeof ProxyFacts>
export type CellKernel = v.InferOutput<typeof CellKernel>
export type CellProxy = v.InferOutput<typeof CellProxy>
export type RootParts = v.InferOutput<typeof RootParts>
export type Cell = v.InferOutput<typeof Cell>

/** A name as a file or folder may have it. */
export const fileName = (name: string) => name.replace(/[^\w.-]+/g, '_')

/** A proxy among others. */
export const proxyName = ({ name, version, maxaccept }: ProxyFacts) => `${name}-${version}-maxaccept${maxaccept}`

/** All parts of a cell. */
export const partsOf = ({ kernel, root, proxy }: Pick<Cell, 'kernel' | 'root' | 'proxy'>): string[] =>
  [kernel.image, kernel.modules, root.userland, root.programs, root.ab ?? null, proxy.path].filter(
    (part) => part !== null,
  )

/** The folder of one boot, counted from 1, in that of its cell. */
export const bootFolder = (boot: number) => `boot-${boot}`

/** One start of a cell's guest that a run needs. */
export interface Start {
  cell: Cell
  boot: number
}

/** All boots of some cells, interleaved: each cell's first, then each one's second, so that what drifts meets all alike. */
export const interleaved = (cells: Cell[]): Start[] =>
  Array.from({ length: Math.max(0, ...cells.map(({ boots }) => boots)) }, (_, i) => i + 1).flatMap((boot) =>
    cells.filter(({ boots }) => boot <= boots).map((cell) => ({ cell, boot })),
  )

/** The boots that a run begins with: all, or the first of each cell that runs until sure. */
export const firstRound = (cells: Cell[]): Start[] =>
  interleaved(cells).filter(({ cell, boot }) => boot === 1 || !cell.untilSure)
