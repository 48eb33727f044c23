import * as v from 'valibot'
import { Load } from '../../model/case/load.ts'
import { Cell, RootParts } from '../../model/cell.ts'
import { count } from '../../model/numbers.ts'
import { Outcome } from '../../model/outcome.ts'
import { Capacity, CapacityKernel, Prepared } from '../../model/prepared.ts'
import { Request } from '../../model/request.ts'
import { Result } from '../../model/result.ts'

// What a lab and its worker on another machine say to each other. The lab gives one order; the worker tells what happens
// meanwhile, and then its answer. Both are read by these schemas: the two may be of different age.

/** Where the worker fetches things from: lab/model/supply.ts, without what cannot be sent. */
const SupplyOptions = v.object({
  mirror: v.optional(v.string()),
  archive: v.optional(v.string()),
  snapshot: v.optional(v.string()),
  keyring: v.optional(v.string()),
  offline: v.boolean(),
})

/** One thing to do, as one JSON line. */
export const Order = v.variant('do', [
  /** What machine this is. */
  v.object({ do: v.literal('describe') }),
  /** Makes what these requests need exist. */
  v.object({
    do: v.literal('prepare'),
    requests: v.pipe(v.array(Request), v.minLength(1)),
    supply: SupplyOptions,
    /** Whether it also finds out what the kernels carry, which is true of this machine alone. */
    capacities: v.optional(v.boolean()),
    /** As lab/prepare/prepare.ts has it. */
    mayBeNone: v.boolean(),
  }),
  /** Finds out what a kernel carries with its proxies under a load. */
  v.object({ do: v.literal('capacity'), load: Load, kernel: CapacityKernel, root: RootParts }),
  /** Copies parts into a folder with which other machines can carry cells out. */
  v.object({ do: v.literal('pack'), parts: v.array(v.string()), folder: v.string() }),
  /** What keeps a cell from being carried out. */
  v.object({ do: v.literal('check'), cell: Cell }),
  /** Does nothing for so many milliseconds: what is left of the time is what an order costs (lab/bench/scale/sleepers.ts). */
  v.object({ do: v.literal('sleep'), ms: count }),
  /** Carries one boot of a cell out. */
  v.object({ do: v.literal('run'), cell: Cell, boot: v.pipe(count, v.minValue(1)) }),
])
export type Order = v.InferOutput<typeof Order>
export type Deed = Order['do']

/** A machine that carries cells out, and what the lab uses on it. */
export const Machine = v.object({
  ...Result.entries.host.entries,
  /** As lab/model/result/machine.ts has it. */
  cpuid: v.optional(v.string()),
  /** The CPUs that the worker may use, as a list. */
  allowed: v.string(),
  /** Its physical cores, as lists of their threads. */
  cores: v.array(v.array(count)),
  /** What names this boot of its kernel: the lab's own machine has the same. */
  bootId: v.string(),
  /** Why /dev/kvm cannot be opened there; null when it can. */
  kvm: v.nullable(v.string()),
})
export type Machine = v.InferOutput<typeof Machine>

/** What each order is answered with. */
export const ANSWERS = {
  describe: Machine,
  prepare: v.array(Prepared),
  capacity: v.array(Capacity),
  pack: v.null(),
  sleep: v.null(),
  check: v.nullable(v.string()),
  run: Outcome,
} as const
export type Answer<D extends Deed> = v.InferOutput<(typeof ANSWERS)[D]>

/** What a worker tells: what happens meanwhile, then an answer or what went wrong. */
export const Told = v.variant('tell', [
  /** A line for the person who waits. */
  v.object({ tell: v.literal('note'), line: v.string() }),
  /** A file for the run's folder. */
  v.object({ tell: v.literal('keep'), name: v.string(), text: v.string() }),
  /** As lab/engine/engine.ts has them. Events are read from the lines once more. */
  v.object({ tell: v.literal('files'), files: v.record(v.string(), v.string()) }),
  v.object({ tell: v.literal('command'), argv: v.array(v.string()) }),
  v.object({ tell: v.literal('line'), line: v.string() }),
  v.object({ tell: v.literal('console'), text: v.string() }),
  v.object({ tell: v.literal('answer'), answer: v.unknown() }),
  /** A Fault, as a user can act on it; `exit` null: a defect of the lab, whose stack is the message. */
  v.object({
    tell: v.literal('fault'),
    message: v.string(),
    exit: v.nullable(v.number()),
    hint: v.optional(v.string()),
  }),
])
export type Told = v.InferOutput<typeof Told>
