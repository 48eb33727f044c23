import { requireLinux } from '../../engine/docker/platform.ts'
import { localEngine } from '../../engine/local/local.ts'
import { GUESTS } from '../../guest/guests.ts'
import { nextRound } from '../../measure/verdict/rounds.ts'
import type { Cell } from '../../model/cell.ts'
import { Fault } from '../../model/fault.ts'
import { again } from '../../model/text/command.ts'
import type { Note } from '../../model/text/note.ts'
import { lockRun } from '../../saved/lock.ts'
import { readOutcomes } from '../../saved/outcomes.ts'
import { readRun, saveRun } from '../../saved/run.ts'
import { changedCases } from '../../saved/version/changed-cases.ts'
import { joinProvenance, runProvenance } from '../../saved/version/provenance.ts'
import { requireParts } from '../carry-out.ts'
import { type EngineName, WORKPLACES } from '../workplace/engines.ts'
import { withOwnCapacities } from './capacities.ts'
import { hostOfCells, requireSameMachines } from './machines.ts'
import type { OpenRun } from './open-run.ts'

/** Opens a run that was interrupted, so that what is missing of it can be carried out. */
export async function reopenRun(folder: string, note: Note, signal: AbortSignal): Promise<OpenRun> {
  const saved = readRun(folder)
  const { engine: began = 'local' } = saved.host
  // Before anything is looked for here: not even the folder of a run can be locked elsewhere.
  if (began !== 'local') await asBegan(folder, began, requireLinux)
  await lockRun(folder)
  const { done, seconds: before } = readOutcomes(folder, saved, note)
  const starts = nextRound(saved.cells, done)
  const missing = saved.cells.filter((cell) => starts.some((start) => start.cell === cell))
  const untilSure = saved.cells.some((cell) => cell.untilSure)
  const of = untilSure ? '' : `of ${done.length + starts.length} `
  const rest = starts.length
    ? `${starts.length} to run${untilSure ? ', and more until it is sure' : ''}`
    : 'nothing to run; making its reports again'
  note(`${folder}: ${done.length} ${of}boots had ended, ${rest}`)
  // Making reports again needs no daemon.
  const oneOfMany = saved.shard !== undefined
  const opening = {
    files: saved.ownFiles ?? [],
    registry: saved.registry,
    resumed: { cells: ofKernels(missing, saved.cells), done, capacities: saved.capacities },
    supply: { offline: false, note, signal },
    oneOfMany,
  }
  if (!missing.length) return { run: saved, engine: localEngine(oneOfMany), folder, done, before, missing: false }
  const workplace = await asBegan(folder, began, () => WORKPLACES[began](opening))
  const { engine, host } = workplace
  await requireParts(engine, saved, starts)
  await requireSameMachines(saved, missing, note, signal)
  for (const { guest, load } of missing) GUESTS[guest].requireUsers(load.users)
  for (const file of await changedCases(saved.caseFiles, missing))
    note(
      `${file} has changed since: what is missing runs the commands that were saved with the run, as the boots that had ended did. For a run of the new ones: ${again(saved.argv)}`,
    )
  const replanned = await withOwnCapacities(saved, folder, { done, starts }, workplace, note)
  const here = await runProvenance(async () => hostOfCells(await host(), missing))
  const run = { ...replanned.run, ...joinProvenance(saved, here) }
  saveRun(folder, run)
  return { run, engine, folder, done: replanned.done, before, missing: true }
}

/** What may have to run again with what is missing: all cells at a share of what a kernel carries, where that is found out again. */
const ofKernels = (missing: Cell[], all: Cell[]) =>
  all.filter((one) => missing.some(({ kernel }) => kernel.name === one.kernel.name))

/** Does something with the engine that a run began with. Where that cannot be had no other one is tried, and the Fault says why it is needed. */
async function asBegan<T>(folder: string, engine: EngineName, use: () => T | Promise<T>): Promise<T> {
  try {
    return await use()
  } catch (error) {
    if (engine === 'local' || !(error instanceof Fault)) throw error
    throw new Fault(
      `--resume ${folder}: it was begun with --engine ${engine}, and what is missing of it runs there: ${error.message}`,
      error.exit,
      error.hint,
    )
  }
}
