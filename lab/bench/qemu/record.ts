import * as v from 'valibot'
import { amount, count } from '../../model/numbers.ts'
import { BenchBoot } from '../boots/boot.ts'
import { LoadAverage, Made } from '../record/made.ts'

/** The two sides, in the order in which HITLESS_QEMUS names their programs. */
export const SIDES = ['A', 'B'] as const

/** What `npm run bench -- qemu` measures. */
export const QemuRecord = v.object({
  made: Made,
  /** What each QEMU says its version is. */
  versions: v.object({ A: v.string(), B: v.string() }),
  /** Starts of a guest that ends right after its first event, in the order in which they were made. */
  starts: v.array(
    v.object({
      side: v.picklist(SIDES),
      round: count,
      loadAverage: LoadAverage,
      told: v.union([v.object({ ms: amount, starts: count }), v.object({ failed: v.string() })]),
    }),
  ),
  /** Boots with load. */
  boots: v.array(BenchBoot),
})
export type QemuRecord = v.InferOutput<typeof QemuRecord>
