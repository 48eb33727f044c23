import * as v from 'valibot'
import { count } from '../numbers.ts'

/** The machine that carried a boot out. The accelerator is its cell's (`accel`). */
export const Machine = v.object({
  /**
   * What tells it from the others of a run: the name of a node, or of a host. Without it where a run has only one
   * machine: the names of hosts are nobody's business then.
   */
  name: v.optional(v.string()),
  /** The CPU model, as the kernel says it. A hypervisor may call quite different CPUs by one name. */
  cpu: v.string(),
  /** What else /proc/cpuinfo tells CPUs apart by: "family 25, model 17, stepping 1". Runs before 2026-12 do not say. */
  cpuid: v.optional(v.string()),
  /** How many CPUs the lab could see there. */
  cpus: count,
  /** `uname -r` of the machine, whatever its guests run. */
  kernel: v.string(),
  /**
   * Tells this start of this machine from all others, where no name does: a part of its kernel's random boot id, which
   * says nothing else. Runs before 2026-12 do not have it.
   */
  start: v.optional(v.string()),
})

export type Machine = v.InferOutput<typeof Machine>

/** What stands behind the model in the name of a kind. */
const BEYOND = ', family '

/**
 * The name of a kind of CPU: its model, and what else tells it apart where the machine says so. Numbers of two kinds are
 * never pooled, and no verdict compares them.
 */
export const kindOf = ({ cpu, cpuid }: Pick<Machine, 'cpu' | 'cpuid'>): string => (cpuid ? `${cpu}, ${cpuid}` : cpu)

/** Whether two names are of one kind, as far as they tell: the bare model of an older run goes with each kind of it. */
export const isOneKind = (one: string, other: string): boolean =>
  one === other || one.startsWith(other + BEYOND) || other.startsWith(one + BEYOND)

/** What tells one machine from another: the same work takes other times there. */
export type Place = Pick<Machine, 'name' | 'cpu' | 'cpuid' | 'cpus' | 'start'>

/**
 * Whether two are one machine that was not started in between, so that what one carries the other does. Rented machines are
 * of one kind by all they say, and one is half as fast: only their start tells them apart. This machine after a reboot
 * cannot be told from another one. As far as both tell: older runs do not say all, and most have no name.
 */
export const isOneMachine = (one: Place, other: Place): boolean =>
  isOneKind(kindOf(one), kindOf(other)) &&
  one.cpus === other.cpus &&
  (['name', 'start'] as const).every(
    (key) => one[key] === undefined || other[key] === undefined || one[key] === other[key],
  )

/** The kinds of CPU that some boots ran on, each once. Boots of older runs do not tell, or just the model. */
export function cpuKinds(boots: { machine?: Machine }[]): string[] {
  const all = [...new Set(boots.flatMap(({ machine }) => (machine ? kindOf(machine) : [])))]
  return all.filter((kind) => !all.some((other) => other.startsWith(kind + BEYOND)))
}
