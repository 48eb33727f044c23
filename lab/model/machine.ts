import * as v from 'valibot'
import { count } from './numbers.ts'

/** The machine that carried a boot out. The accelerator is its cell's (`accel`). */
export const Machine = v.object({
  /**
   * What tells it from the others of a run: the name of a node, or of a host. Without it where a run has only one
   * machine: the names of hosts are nobody's business then.
   */
  name: v.optional(v.string()),
  /** The CPU model, as the kernel says it. Numbers of two models are never pooled, and no verdict compares them. */
  cpu: v.string(),
  /** How many CPUs the lab could see there. */
  cpus: count,
  /** `uname -r` of the machine, whatever its guests run. */
  kernel: v.string(),
})

export type Machine = v.InferOutput<typeof Machine>

/** The CPU models that some boots ran on, each once. Boots of older runs do not tell. */
export const cpuModels = (boots: { machine?: Machine }[]): string[] => [
  ...new Set(boots.flatMap(({ machine }) => machine?.cpu ?? [])),
]
