import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { MeasuredBoot } from '../../measure/boot.ts'
import { rateOf, shareNamed } from '../../model/case/load.ts'
import { bootFolder, type Cell, proxyName, type Start } from '../../model/cell.ts'
import { notReady } from '../../model/fault.ts'
import type { Capacity } from '../../model/result/capacity.ts'
import { isOneMachine, kindOf, type Place } from '../../model/result/machine.ts'
import { counted, list } from '../../model/text/amounts.ts'
import { again } from '../../model/text/command.ts'
import type { Note } from '../../model/text/note.ts'
import { capacityFile, capacityName } from '../../prepare/capacity.ts'
import { saveFiles } from '../../saved/files.ts'
import { OUTCOME, type SavedRun } from '../../saved/run.ts'
import type { Workplace } from '../workplace/workplace.ts'

const shown = (place: Place) => `${place.name ? `${place.name}, ` : ''}${kindOf(place)} (${counted(place.cpus, 'CPU')})`

/** Where it was found out, and where the run goes on: by name they may be the same. */
const whereElse = (one: Place, here: Place) =>
  shown(one) === shown(here)
    ? `another machine like this one, ${shown(here)}, or before this one was rebooted`
    : `${shown(one)}, and this is ${shown(here)}`

const isOf = ({ kernel, proxy, load }: Cell) => {
  const name = proxyName(proxy)
  return (one: Pick<Capacity, 'kernel' | 'proxy'>) =>
    load.capacity !== null && one.kernel === kernel.name && one.proxy === name
}

/**
 * What was found out on another machine of the kernels and proxies that still have boots to run at a share of it. This
 * machine after a reboot finds it out again, too: that costs time, where a wrong rate would make the loads of a kernel
 * incomparable.
 *
 * @param starts that are missing
 * @param hereFor the machine on which it was found out, where that one goes on with the run; else one that does
 */
export const foundElsewhere = (
  capacities: Capacity[],
  starts: Start[],
  hereFor: (found: Capacity) => Place,
): Capacity[] =>
  capacities.filter((one) => !isOneMachine(one.machine, hereFor(one)) && starts.some(({ cell }) => isOf(cell)(one)))

/** A run with other capacities in place of its own, and the names of the cells whose rate is another one now. */
export function withCapacities<R extends Pick<SavedRun, 'cells' | 'capacities'>>(
  run: R,
  found: Capacity[],
): { run: R; changed: string[] } {
  const changed: string[] = []
  const cells = run.cells.map((cell) => {
    const now = found.find(isOf(cell))
    const share = shareNamed(cell.load.name)
    if (!now || share === null) return cell
    changed.push(cell.name)
    return { ...cell, load: { ...cell.load, capacity: now.perSecond, rate: rateOf(share, now.perSecond) } }
  })
  const others = run.capacities.filter(({ kernel, proxy }) =>
    found.every((one) => one.kernel !== kernel || one.proxy !== proxy),
  )
  return { run: { ...run, cells, capacities: [...others, ...found] }, changed }
}

/**
 * Finds out again what kernels carry where that was found out on another machine than the one that goes on with a run: half
 * of what that one carried may be all of this one. All cells at a share of it are run again, as they are compared.
 *
 * @returns the run as it goes on, and those of its boots that stay
 * @throws a Fault (exit 3) where it cannot be found out
 */
export async function withOwnCapacities(
  saved: SavedRun,
  folder: string,
  { done, starts }: { done: MeasuredBoot[]; starts: Start[] },
  workplace: Workplace,
  note: Note,
): Promise<{ run: SavedRun; done: MeasuredBoot[] }> {
  const { hereFor, find } = workplace.capacities
  requireKnown(saved, starts, await workplace.host())
  const stale = foundElsewhere(saved.capacities, starts, hereFor)
  const found: Capacity[] = []
  for (const old of stale) {
    const { kernel: name, proxy, load, machine } = old
    note(`what ${name} carries was found out on ${whereElse(machine, hereFor(old))}: finding it out again`)
    const { kernel, guest, accel, root, ...cell } = saved.cells.find((cell) => isOf(cell)({ kernel: name, proxy }))!
    const carrier = { kernel, guest, accel, unprobed: null, proxies: [cell.proxy] }
    const now = await find(load, carrier, root, (file, text) => saveFiles(folder, { [file]: text }))
    if (!now.length)
      throw notReady(
        `what ${name} carries could not be found out on this machine: the rest of this run cannot be carried out`,
        again(saved.argv),
      )
    found.push(...now)
    const kept = now.flatMap(({ boots = [] }) => boots.map((_, i) => capacityFile(name, cell.proxy, i + 1)))
    // The other machine may have needed more boots.
    for (const file of readdirSync(folder))
      if (file.startsWith(`${capacityName(name, cell.proxy)}-boot-`) && !kept.includes(file)) rmSync(join(folder, file))
  }
  const { run, changed } = withCapacities(saved, found)
  const dropped = done.filter(({ cell }) => changed.includes(cell.name))
  if (dropped.length) note(`${list(changed)}: all their boots are run again, at the rate of this machine`)
  for (const { cell, boot } of dropped) rmSync(join(folder, cell.name, bootFolder(boot), OUTCOME))
  const replanned = new Map(run.cells.map((cell) => [cell.name, cell]))
  const kept = done.filter((boot) => !dropped.includes(boot))
  return { run, done: kept.map((boot) => ({ ...boot, cell: replanned.get(boot.cell.name)! })) }
}

/** Runs of older versions do not tell where it was found out: it was where they began. */
function requireKnown({ host, capacities, argv }: SavedRun, starts: Start[], here: Pick<Place, 'cpu'>) {
  const [before] = host.cpu.split(', then ') as [string]
  const unknown = starts.find(({ cell }) => cell.load.capacity !== null && !capacities.some(isOf(cell)))
  if (unknown && before !== here.cpu)
    throw notReady(
      `what ${unknown.cell.kernel.name} carries was found out on ${before}, and this is ${here.cpu}: the rest of this run cannot be carried out`,
      again(argv),
    )
}
