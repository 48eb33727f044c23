import { loadavg } from 'node:os'
import * as v from 'valibot'
import { amount } from '../../model/numbers.ts'
import { Result } from '../../model/result.ts'
import { runProvenance } from '../../saved/version/provenance.ts'

/** When, with what and where figures were measured. */
export const Made = v.object({
  /** ISO 8601, UTC: when it began. */
  began: v.string(),
  /** Wall seconds of it all, preparing included. */
  seconds: amount,
  ...v.pick(Result, ['lab', 'host']).entries,
})
export type Made = v.InferOutput<typeof Made>

/** The load averages of the machine over 1, 5 and 15 minutes: what ran there before a part began. */
export const LoadAverage = v.tuple([amount, amount, amount])
export const loadNow = () => loadavg() as v.InferOutput<typeof LoadAverage>

/** Begins to measure. @returns what tells, at the end, when and where that was */
export async function beginning(): Promise<() => Made> {
  const [began, since] = [new Date().toISOString(), performance.now()]
  // Asked first: the lab may be changed while it measures.
  const provenance = await runProvenance()
  return () => ({ began, seconds: (performance.now() - since) / 1000, ...provenance })
}
