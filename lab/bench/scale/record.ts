import * as v from 'valibot'
import { amount, count } from '../../model/numbers.ts'
import { BenchBoot } from '../boots/boot.ts'
import { SideHost } from '../boots/host.ts'
import { LoadAverage, Made } from '../record/made.ts'

/** How long orders took that do nothing, so many at a time. */
export const Asleep = v.object({ workers: count, orders: count, ms: amount, loadAverage: LoadAverage })
export type Asleep = v.InferOutput<typeof Asleep>

/** What `npm run bench -- scale` measures, and the size of the matrix whose cost is a sum over that. */
export const ScaleRecord = v.object({
  made: Made,
  hosts: v.array(SideHost),
  /** Milliseconds that each order slept. */
  sleep: amount,
  asleep: v.array(Asleep),
  /** The cells of `boots`. */
  cells: v.array(
    v.object({ name: v.string(), proxy: v.string(), load: v.string(), users: count, rate: v.nullable(amount) }),
  ),
  boots: v.array(BenchBoot),
  matrix: v.object({
    kernels: count,
    /** Reloads of each cell. */
    reloads: count,
    /** Cells of each proxy on all kernels, both loads together. */
    proxies: v.array(v.object({ name: v.string(), version: v.string(), cells: count })),
  }),
})
export type ScaleRecord = v.InferOutput<typeof ScaleRecord>
