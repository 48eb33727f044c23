import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type CarryingBoot, capacityOf, carriedIn, spinIn } from '../measure/capacity.ts'
import { slowedBy } from '../measure/doubts/noise.ts'
import { proxyName } from '../model/cell.ts'
import { readEventLines } from '../model/events.ts'
import type { Capacity, CapacityBoot } from '../model/result/capacity.ts'
import type { Result, ResultCell } from '../model/result.ts'
import { counted, list } from '../model/text/amounts.ts'
import { capacityFile, capacityName } from '../prepare/capacity.ts'
import { linesOf } from '../saved/lines.ts'
import type { SavedRun } from '../saved/run.ts'
import { about, type Finding } from './finding.ts'

/** What kernels and proxies carry, of which the load `half` is the half: from the events of the boots that found it out. */
export function checkCapacities(folder: string, result: Result, plan: SavedRun | null): Finding[] {
  const { differs } = about('capacity')
  const sharing = result.cells.filter(({ load }) => load.capacity !== null)
  const cells = new Map(sharing.map((cell) => [capacityName(cell.kernel, cell.proxy), cell]))
  const other = result.capacities && plan && !isDeepStrictEqual(result.capacities, plan.capacities)
  return [
    ...(other ? [differs('plan.json', 'its capacities are not those of result.json')] : []),
    ...[...cells].flatMap(([name, cell]) => {
      const told = result.capacities?.find((one) => one.kernel === cell.kernel && one.proxy === proxyName(cell.proxy))
      if (!told?.boots) return [checkEvents(folder, name, cell)]
      return [checkBoots(folder, name, cell, told, told.boots), ...believed(name, cell, told.boots)]
    }),
  ]
}

/** Whether the boots carried what the result says of them, and the capacity follows from them. */
function checkBoots(folder: string, name: string, cell: ResultCell, told: Capacity, boots: CapacityBoot[]): Finding {
  const { ok, differs, unchecked } = about('capacity')
  const files = boots.map((_, i) => capacityFile(cell.kernel, cell.proxy, i + 1))
  const missing = files.filter((file) => !existsSync(join(folder, file)))
  if (missing.length) return unchecked(name, `${list(missing)} ${missing.length > 1 ? 'were' : 'was'} not kept`)
  const seen = boots.map(({ leftOut, ...boot }): CarryingBoot => boot)
  const again = files.map((file, i) => ({ ...seen[i]!, ...carriedBy(join(folder, file)) }))
  const wrong = files.filter((_, i) => !isDeepStrictEqual(seen[i], again[i]))
  if (wrong.length) return differs(name, `${list(wrong)}: what its events say is not what result.json says`)
  const found = capacityOf(cell.guest, seen)
  const { perSecond, unsettled } = told
  if (found.perSecond !== perSecond)
    return differs(name, `${perSecond} connections a second: of these boots it is ${found.perSecond}`)
  if (!isDeepStrictEqual(found, { perSecond, boots, unsettled }))
    return differs(name, 'which boots are left out and why, or whether they agree, does not follow from them')
  if (perSecond !== cell.load.capacity)
    return differs(name, `${cell.load.capacity} connections a second in its cells, and ${perSecond} in its boots`)
  return ok(name, `the ${counted(boots.length, 'boot')} that found it out say the same`)
}

/** Boots that were disturbed by what only the result tells: events do not say how long a guest's CPUs waited, or whose they were. */
function believed(name: string, { guest }: ResultCell, boots: CapacityBoot[]): Finding[] {
  const numbers = boots.flatMap((boot, i) =>
    boot.leftOut !== null && slowedBy({ guest, ...boot, spinUs: null }, [], '').length ? [`${i + 1}`] : [],
  )
  if (!numbers.length) return []
  const several = numbers.length > 1
  const which = `boot${several ? 's' : ''} ${list(numbers)}`
  return [
    about('capacity').unchecked(
      name,
      `that ${which} waited for a CPU, or lost it to this host's own hypervisor, and so ${several ? 'are' : 'is'} left out: only result.json says so`,
    ),
  ]
}

/** Of an older run, whose result does not tell of them: the slowest boot counts. */
function checkEvents(folder: string, name: string, { load }: ResultCell): Finding {
  const { ok, differs, unchecked } = about('capacity')
  const files = readdirSync(folder).filter(
    (file) => file === `${name}.jsonl` || /^-boot-\d+\.jsonl$/.test(file.replace(name, '')),
  )
  if (!files.length) return unchecked(name, 'the events that found it out were not kept')
  const least = Math.min(...files.map((file) => carriedBy(join(folder, file)).perSecond))
  if (least === load.capacity) return ok(name, `the ${counted(files.length, 'boot')} that found it out say the same`)
  return differs(name, `${load.capacity} connections a second: the events of ${list(files)} say ${least}`)
}

function carriedBy(file: string): Pick<CarryingBoot, 'perSecond' | 'spinUs'> {
  const { events } = readEventLines(linesOf(file))
  return { perSecond: carriedIn(events) ?? Number.NaN, spinUs: spinIn(events) }
}
