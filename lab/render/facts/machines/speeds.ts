import { median } from 'simple-statistics'
import { isOneKind, kindOf, type Machine } from '../../../model/result/machine.ts'
import { isMeasured } from '../../../model/result.ts'
import { whole } from '../../../model/text/amounts.ts'
import type { Group } from '../groups/groups.ts'
import { kindsOf } from './machines.ts'

/**
 * Machines of one kind by name are taken for two where the medians of their spin time are further apart than this share.
 *
 * It is only remarked, and no verdict or price is held back as between two kinds. One machine shows both speeds, too: some
 * that are shared take 32 µs in one hour and 64 in the next. Within a run `noisy` (lab/measure/doubts/noise.ts) already
 * holds back what is a quarter slower than the fastest of its kind, wherever it ran. To hold back more would take the
 * prices from runs whose machine changed its mind, and would still say nothing of where they are from.
 */
const APART = 0.1

/** Machines that are one kind of CPU by name, and not equally fast. */
export interface Speeds {
  kind: string
  /** What executed the guests that tell: "qemu (tcg)". */
  guests: string
  /** Microseconds of the same work, in whole ones, the fastest first, with the machines that took so long. */
  each: { us: string; machines: string[] }[]
}

/** What a boot tells of how fast its machine is. */
interface Timed {
  /** The run or shard, where there are several. */
  run: string | undefined
  machine: Machine
  guests: string
  spinUs: number
}

/** Noise is no property of a machine, and two programs on one CPU leave less of it for the work that is timed. */
const timedIn = (all: Group[]): Timed[] =>
  all.flatMap(({ run, cells }) =>
    cells.filter(isMeasured).flatMap(({ guest, accel, noisy, eachBoot, byBoot }) =>
      eachBoot.flatMap(({ machine, pins }, i) => {
        const spinUs = byBoot[i]?.spinUs ?? null
        if (!machine || spinUs === null || noisy || pins.proxy === pins.generator) return []
        return [{ run, machine, guests: `${guest} (${accel})`, spinUs }]
      }),
    ),
  )

/** Where machines of one kind of CPU differ in speed by more than {@link APART}, which their names hide. */
export function unlikeSpeeds(all: Group[]): Speeds[] {
  const timed = timedIn(all)
  const names = namesOf(timed)
  const alike = kindsOf(all.flatMap(({ cells }) => cells)).flatMap((kind) =>
    [...new Set(timed.map(({ guests }) => guests))].map((guests) => ({
      kind,
      guests,
      of: timed.filter((one) => one.guests === guests && isOneKind(kindOf(one.machine), kind)),
    })),
  )
  return alike.flatMap(({ kind, guests, of }) => {
    const spins = new Map<string, number[]>()
    for (const one of of) spins.set(keyOf(one), [...(spins.get(keyOf(one)) ?? []), one.spinUs])
    const medians = [...spins].map(([key, all]) => ({ name: names.get(key)!, us: median(all) }))
    const [least, most] = [Math.min(...medians.map(({ us }) => us)), Math.max(...medians.map(({ us }) => us))]
    if (medians.length < 2 || most <= (1 + APART) * least) return []
    const sorted = medians.toSorted((a, b) => a.us - b.us).map(({ name, us }) => ({ name, us: whole(us) }))
    const each = [...new Set(sorted.map(({ us }) => us))].map((us) => ({
      us,
      machines: sorted.filter((one) => one.us === us).map(({ name }) => name),
    }))
    return [{ kind, guests, each }]
  })
}

/** What tells a machine from the others: of two runs it may be the same one, at another time. */
const keyOf = ({ run, machine: { name, start } }: Timed) => JSON.stringify([run, name, start])

/** What each machine is called: by its run or shard where that has only one, by its name, or by its number. */
function namesOf(timed: Timed[]): Map<string, string> {
  const unique = [...new Map(timed.map((one) => [keyOf(one), one])).entries()]
  return new Map(
    unique.map(([key, { run, machine }]) => {
      const beside = unique.filter(([, other]) => other.run === run)
      const number = beside.findIndex(([other]) => other === key) + 1
      const own = machine.name ?? `machine ${number}`
      if (run === undefined) return [key, own]
      return [key, beside.length > 1 ? `${own} of ${run}` : run]
    }),
  )
}
