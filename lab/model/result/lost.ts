import * as v from 'valibot'

/** A start of a boot whose machine went away: the boot was run again on another one. */
export const Lost = v.object({
  /** The name of the machine, as in lab/model/result/machine.ts. */
  node: v.string(),
  reason: v.string(),
})
export type Lost = v.InferOutput<typeof Lost>
