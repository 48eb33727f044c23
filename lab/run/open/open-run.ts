import type { Engine } from '../../engine/engine.ts'
import type { MeasuredBoot } from '../../measure/boot.ts'
import type { SavedRun } from '../../saved/run.ts'

/** A run whose plan is saved, so that it can be carried out. */
export interface OpenRun {
  run: SavedRun
  engine: Engine
  /** Where it is saved. */
  folder: string
  /** Boots that ended well before. */
  done: MeasuredBoot[]
  /** Seconds that the run took before. */
  before: number
  /** Whether any boot is left to run. */
  missing: boolean
}
