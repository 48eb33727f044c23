import * as v from 'valibot'
import { Load } from '../case/load.ts'
import { amount } from '../numbers.ts'
import { Lost } from './lost.ts'
import { Machine } from './machine.ts'

/**
 * So many boots that agree find out what a kernel and a proxy carry: a single one may be lucky, or slowed by what nothing
 * else shows.
 */
export const CAPACITY_BOOTS = 2

/** One of the boots that find out what a kernel and a proxy carry, and what shows whether it was disturbed. */
export const CapacityBoot = v.object({
  /** Connections a second. */
  perSecond: amount,
  /** As in a boot of a cell, see lab/model/result.ts. */
  waited: v.nullable(amount),
  stolen: v.nullable(amount),
  /** Microseconds that a fixed piece of work took, see lab/model/result/measured.ts. */
  spinUs: v.nullable(amount),
  /** Why it does not count; null: it does. */
  leftOut: v.nullable(v.string()),
})

/** How many connections a kernel and a proxy carry without reloads. */
export const Capacity = v.object({
  /** The names of the kernel and the proxy, as `proxyName` writes it. */
  kernel: v.string(),
  proxy: v.string(),
  /** Connections a second. */
  perSecond: amount,
  /** The boots that found it out, in order. Runs before 2026-12 have their events alone. */
  boots: v.optional(v.array(CapacityBoot)),
  /** Why that is uncertain; null: two boots agree. */
  unsettled: v.optional(v.nullable(v.string())),
  /** The load that found it out, and the machine, of which alone it is true. */
  load: Load,
  machine: Machine,
  /** Where it was begun to be found out before, on machines that went away meanwhile. */
  lost: v.optional(v.array(Lost)),
})

export type CapacityBoot = v.InferOutput<typeof CapacityBoot>
export type Capacity = v.InferOutput<typeof Capacity>
