import { join } from 'node:path'
import * as v from 'valibot'
import { readJsonFile } from '../../images/cache/json.ts'
import type { MeasuredBoot } from '../measure/boot.ts'
import { bootFolder, interleaved } from '../model/cell.ts'
import { amount } from '../model/numbers.ts'
import type { Note } from '../model/text/note.ts'
import { rereadBoot } from './recount.ts'
import { OUTCOME, SavedOutcome, type SavedRun } from './run.ts'

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
