import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { readJsonFile } from '../../images/cache/json.ts'
import type { MeasuredBoot } from '../measure/boot.ts'
import { bootFolder, Cell, interleaved } from '../model/cell.ts'
import { usage } from '../model/fault.ts'
import { readJson, shown } from '../model/mistakes.ts'
import type { Note } from '../model/note.ts'
import { amount } from '../model/numbers.ts'
import { Boot, Result, Skipped } from '../model/result.ts'
import { saveFiles } from './files.ts'
import { rereadBoot } from './recount.ts'

const PLAN = 'plan.json'
const OUTCOME = 'outcome.json'

/** plan.json: everything needed to go on with an interrupted run and to write its result as if it had not been interrupted. */
export const SavedRun = v.object({
  ...v.pick(Result, ['schema', 'name', 'started', 'argv', 'lab', 'host', 'kernels', 'cases']).entries,
  cells: v.array(Cell),
  skipped: v.array(Skipped),
  /** Paths of the files that the cases were read from, by name. */
  caseFiles: v.optional(v.record(v.string(), v.string()), {}),
})
export type SavedRun = v.InferOutput<typeof SavedRun>

/** outcome.json, in the folder of a boot that ended well. Its numbers are not saved: they follow from its events. */
const SavedOutcome = v.object({
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
  const { output: run, mistakes } = readJson(SavedRun, readFileSync(file, 'utf8'))
  const wrong = mistakes ?? planAmiss(run)
  if (wrong.length) throw usage(wrong.map((mistake) => `${file} is no plan: ${mistake}`).join('\n'))
  return run!
}

/** Cells that would share a folder, or whose kernel or case is not one of the run's. */
function planAmiss({ cells, kernels, cases }: SavedRun): string[] {
  const names = cells.map(({ name }) => name)
  return cells.flatMap(({ kernel, case: theCase }, i) => [
    ...(names.indexOf(names[i]!) < i ? [`cells.${i}: its folder, ${names[i]}, is that of another cell, too`] : []),
    ...(kernels.some((known) => known.kernel === kernel.name)
      ? []
      : [`cells.${i}.kernel.name ${shown(kernel.name)}: expected one of its kernels`]),
    ...(cases.some(({ name }) => name === theCase.name)
      ? []
      : [`cells.${i}.case.name ${shown(theCase.name)}: expected one of its cases`]),
  ])
}

/** Saves how a boot ended. @throws a Fault (exit 4) when the disk does not take it */
export function saveOutcome(folder: string, { started }: SavedRun, { cell, facts }: MeasuredBoot, seconds: number) {
  const outcome: v.InferOutput<typeof SavedOutcome> = { started, seconds, facts }
  saveFiles(join(folder, cell.name, facts.folder), { [OUTCOME]: `${JSON.stringify(outcome)}\n` })
}

/**
 * The boots of a run that have ended well so far.
 *
 * @param note takes a line about each boot whose events cannot be believed
 * @returns the boots whose files can be read and fit together, and the wall seconds until the run's result was saved or,
 *   when it was killed before that, its last boot: what came later is unknown and does not count
 */
export function readOutcomes(
  folder: string,
  { started, cells }: SavedRun,
  note: Note,
): { done: MeasuredBoot[]; seconds: number } {
  const result = readJsonFile(join(folder, 'result.json'), v.object({ started: v.string(), seconds: amount }))
  const times = result?.started === started ? [result.seconds] : []
  const done: MeasuredBoot[] = []
  for (const { cell, boot } of interleaved(cells)) {
    const path = join(folder, cell.name, bootFolder(boot))
    const outcome = readJsonFile(join(path, OUTCOME), SavedOutcome)
    if (outcome?.started !== started) continue
    const read = rereadBoot(join(folder, cell.name), { cell, boot }, outcome.facts)
    if (read.kind === 'failed') {
      note(`${join(path, OUTCOME)} is not believed, and the boot is run again: ${read.reason}`)
      continue
    }
    done.push(read)
    times.push(outcome.seconds)
  }
  return { done, seconds: Math.max(0, ...times) }
}
