import type { Engine } from '../../engine/engine.ts'
import type { MeasuredBoot } from '../../measure/boot.ts'
import type { Load } from '../../model/case/load.ts'
import type { Cell, RootParts } from '../../model/cell.ts'
import type { CapacityKernel, Prepared } from '../../model/prepared.ts'
import type { Request } from '../../model/request.ts'
import type { Capacity } from '../../model/result/capacity.ts'
import type { Machine } from '../../model/result/machine.ts'
import type { Result } from '../../model/result.ts'
import type { Supply } from '../../model/supply.ts'
import type { prepareAll } from '../../prepare/prepare.ts'

/** What preparing may do, and who takes what it finds out. */
export type PrepareOptions = Parameters<typeof prepareAll>[2]

/** Where a run's cells are carried out, and with them all that must be done on the same machine. */
export interface Workplace {
  engine: Engine
  /** Makes what requests need exist there. @throws a Fault, as lab/prepare/prepare.ts does */
  prepare: (requests: Request[], supply: Supply, options: PrepareOptions) => Promise<Prepared[]>
  /** How a run that goes on finds out again what kernels carry. */
  capacities: {
    /** The machine on which that was found out, where it is still here; else the one, or one of those, that go on. */
    hereFor: (found: Capacity) => Machine
    /** What a kernel carries there, its parts by their names. @throws a Fault where it cannot be found out */
    find: (
      load: Load,
      kernel: CapacityKernel,
      root: RootParts,
      keep: NonNullable<PrepareOptions['keep']>,
    ) => Promise<Capacity[]>
  }
  /** What a result says of the machine. Never fails. */
  host: () => Promise<Result['host']>
}

/** What a workplace is opened with. */
export interface Opening {
  /** The user's own files that the cells need, which another machine does not have. */
  files: string[]
  /** From where the nodes of a Swarm fetch the image. */
  registry?: string | undefined
  /** The cells of the kernels that a run that goes on misses boots of, and what was carried out before. */
  resumed?: { cells: Cell[]; done: MeasuredBoot[]; capacities: Capacity[] }
  supply: Supply
  /** Whether other machines carry other parts of the run out, so that this one's name must tell it from them. */
  oneOfMany: boolean
}
