import type { Case, Feature } from '../../cases/case.ts'
import type { RootParts } from '../../images/rootfs/layout.ts'
import type { Load, ProxyFacts } from './result.ts'

/** What a kernel can do, and what the attempt said; found out in a guest, see lab/prepare/features.ts. */
export type Features = Record<Feature, { has: boolean; said: string }>

/** A kernel that a cell runs on, obtained and unpacked; or the running one. */
export interface CellKernel {
  /** `uname -r`, or what the image calls itself. */
  name: string
  series: string
  /** SHA-256 of the image; null for the running kernel. */
  sha256: string | null
  /** What QEMU boots: an uncompressed vmlinux where its PVH entry can be used, else a bzImage; null: the running kernel. */
  image: string | null
  /** .../lib/modules/VERSION */
  modules: string | null
  /** Null when its guest did not get through the probes. */
  features: Features | null
  /** What may be wrong with it, where its guest did not get through the probes. */
  hint?: string
}

/** The proxy of a cell, and where its program is. */
export interface CellProxy extends ProxyFacts {
  path: string
}

/** One kernel × proxy × case × load: all that an engine needs to run it anywhere, boot by boot. Serialisable. */
export interface Cell {
  /** What tells it from the others of its run; also its folder in the run. */
  name: string
  guest: 'qemu' | 'host'
  accel: 'tcg' | 'kvm' | 'native'
  kernel: CellKernel
  root: RootParts
  proxy: CellProxy
  case: Case
  load: Load
  /** In how many boots it is measured. */
  boots: number
  /** Of the permutations that comparisons draw. */
  seed: number
}

/** A name as a file or folder may have it. */
export const fileName = (name: string) => name.replace(/[^\w.-]+/g, '_')

/** A proxy among others. */
export const proxyName = ({ name, version, maxaccept }: CellProxy) => `${name}-${version}-maxaccept${maxaccept}`

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
