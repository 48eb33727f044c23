import { bringUp, otherMachine, providersOf } from '../../guest/vagrant/machines.ts'
import { hostWith } from '../../guest/vagrant/provider.ts'
import type { Cell } from '../../model/cell.ts'
import { notReady } from '../../model/fault.ts'
import type { Result } from '../../model/result.ts'
import { again } from '../../model/text/command.ts'
import type { Note } from '../../model/text/note.ts'

const machinesOf = (cells: Cell[]) => [...new Set(cells.flatMap(({ kernel }) => kernel.machine ?? []))]

/** What a result says of its host: of a run in machines of Vagrant's, which are up, also what runs those. */
export async function hostOfCells(host: Result['host'], cells: Cell[]): Promise<Result['host']> {
  const machines = machinesOf(cells)
  if (!machines.length) return host
  return hostWith(
    host,
    await providersOf(machines),
    cells.some(({ guest }) => guest === 'qemu'),
  )
}

/**
 * Brings up the machines of Vagrant's that a run is missing boots of, and makes sure that they are what they were.
 *
 * @throws a Fault (exit 3) where one came up with another kernel or accelerator, whose numbers would be pooled with those
 *   of before, with the command that makes the run anew
 */
export async function requireSameMachines(
  { argv }: Pick<Result, 'argv'>,
  missing: Cell[],
  note: Note,
  signal: AbortSignal,
): Promise<void> {
  for (const cell of missing) {
    const { machine } = cell.kernel
    if (machine === undefined) continue
    const obstacle = otherMachine(cell, await bringUp(machine, note, signal))
    if (obstacle) throw notReady(`${obstacle}: the rest of this run cannot be carried out`, again(argv))
  }
}
