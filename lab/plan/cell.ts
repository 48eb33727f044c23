import type { Case, Feature } from '../../cases/case.ts'
import type { RootParts } from '../../images/root.ts'
import type { Load } from '../measure/result.ts'

/** What a kernel can do, and what the attempt said; found out in a guest, see lab/guest/probe.ts. */
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

/** One kernel × proxy × case × load: all that an engine needs to run it anywhere. Serialisable. */
export interface Cell {
  guest: 'qemu' | 'host'
  accel: 'tcg' | 'kvm' | 'native'
  kernel: CellKernel
  root: RootParts
  haproxy: { path: string; version: string }
  case: Case
  load: Load
  /** Seed of the bootstrap. */
  seed: number
}

/** What tells a cell from the others of its run; also its folder in the run. */
export const cellName = (cell: Cell) => `${cell.kernel.name}-${cell.case.name}`.replace(/[^\w.-]+/g, '_')
