import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import type { EndedBoot } from '../measure/boot.ts'
import { Cell } from '../model/cell.ts'
import { usage } from '../model/fault.ts'
import { amount } from '../model/numbers.ts'
import { Capacity } from '../model/result/capacity.ts'
import { Boot, Result, Skipped } from '../model/result.ts'
import { readJson, shown } from '../model/text/mistakes.ts'
import { saveFiles } from './files.ts'
import { readSaved } from './foreign.ts'

const PLAN = 'plan.json'
export const OUTCOME = 'outcome.json'

/** plan.json: everything needed to go on with an interrupted run and to write its result as if it had not been interrupted. */
export const SavedRun = v.object({
  ...v.pick(Result, [
    ...(['schema', 'name', 'started', 'argv', 'lab', 'host', 'sources', 'shard', 'kernels'] as const),
    ...(['cases', 'mine', 'experiments'] as const),
  ]).entries,
  cells: v.array(Cell),
  skipped: v.array(Skipped),
  /** What kernels and proxies carry, of which loads are a share. Runs before 2026-12 do not say where that was found out. */
  capacities: v.optional(v.array(Capacity), []),
  /** Paths of the files that the cases were read from, by name. */
  caseFiles: v.optional(v.record(v.string(), v.string()), {}),
  /** The user's own files that another machine is given to read. */
  ownFiles: v.optional(v.array(v.string())),
  /** From where the nodes of a Swarm fetch the image. */
  registry: v.optional(v.string()),
})
export type SavedRun = v.InferOutput<typeof SavedRun>

/** outcome.json, in the folder of a boot that ended well. Its numbers are not saved: they follow from its events. */
export const SavedOutcome = v.object({
  /** When its run started: the folder may hold boots of an earlier run. */
  started: v.string(),
  /** Seconds that the run had taken by then. */
  seconds: amount,
  facts: Boot,
})

/** The file of a run's plan. */
export const planIn = (folder: string) => join(folder, PLAN)

/** Saves what a run is going to do. @throws a Fault (exit 4) when the disk does not take it */
export function saveRun(folder: string, run: SavedRun) {
  saveFiles(folder, { [PLAN]: `${JSON.stringify(run)}\n` })
}

/** Reads back what a run was going to do. @throws a Fault (exit 2) when there is no plan, or what is wrong with it */
export function readRun(folder: string): SavedRun {
  const file = planIn(folder)
  if (!existsSync(file)) throw usage(`${folder}: no run to go on with: there is no ${PLAN}`, 'ls reports')
  const { output: run, mistakes } = readJson(SavedRun, readSaved(file))
  const wrong = mistakes ?? planAmiss(run)
  if (wrong.length) throw usage(wrong.map((mistake) => `${file} is no plan: ${mistake}`).join('\n'))
  return run!
}

/** Cells that would share a folder, or whose kernel or case is not one of the run's; rows of experiments without their cells. */
function planAmiss({ cells, kernels, cases, experiments }: SavedRun): string[] {
  const names = cells.map(({ name }) => name)
  const lacking = experiments.flatMap(({ name, rows }) =>
    rows.flatMap((row) =>
      row.cells
        .filter((cell) => !names.includes(cell))
        .map((cell) => `experiments: ${name}: ${shown(cell)}: expected one of its cells`),
    ),
  )
  const wrong = cells.flatMap(({ kernel, case: theCase }, i) => [
    ...(names.indexOf(names[i]!) < i ? [`cells.${i}: its folder, ${names[i]}, is that of another cell, too`] : []),
    ...(kernels.some((known) => known.kernel === kernel.name)
      ? []
      : [`cells.${i}.kernel.name ${shown(kernel.name)}: expected one of its kernels`]),
    ...(cases.some(({ name }) => name === theCase.name)
      ? []
      : [`cells.${i}.case.name ${shown(theCase.name)}: expected one of its cases`]),
  ])
  return [...wrong, ...lacking]
}

/** Saves how a boot ended. @throws a Fault (exit 4) when the disk does not take it */
export function saveOutcome(folder: string, { started }: SavedRun, { cell, facts }: EndedBoot, seconds: number) {
  const outcome: v.InferOutput<typeof SavedOutcome> = { started, seconds, facts }
  saveFiles(join(folder, cell.name, facts.folder), { [OUTCOME]: `${JSON.stringify(outcome)}\n` })
}
