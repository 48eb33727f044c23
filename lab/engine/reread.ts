import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { quote } from 'zx'
import type { Note } from '../../images/apt.ts'
import { usage } from '../../images/fault.ts'
import { readJson } from '../../images/mistakes.ts'
import { amiss } from '../measure/coherence.ts'
import { isMeasured, type MeasuredCell, Result } from '../measure/result.ts'
import { cellName } from '../plan/cell.ts'
import { again } from '../render/format.ts'
import { type Done, doneOf } from './local.ts'
import { recount } from './recount.ts'
import { judged } from './run.ts'
import { planIn, readRun, type SavedRun } from './saved.ts'
import { surroundings } from './surroundings.ts'

/** What is looked at first: what another version of the lab saved need not be read any further. */
const Head = v.object({ schema: Result.entries.schema })

/**
 * Reads back the result of a saved run, and checks it as strictly as what is measured: its shape, its sums, that its
 * cells belong to it, and, where the events of the cells were kept, that they say the same.
 *
 * @param note takes a line on what this version of the lab judges otherwise than the one that saved the run
 * @param lab that reads it: this one, unless told otherwise
 * @throws a Fault (exit 2) that names the file, each field and its value
 */
export function readResult(folder: string, note: Note, lab?: Result['lab']): Result {
  const file = join(folder, 'result.json')
  if (!existsSync(file)) throw usage(`${folder}: no saved run: there is no result.json`, 'ls reports')
  const text = readFileSync(file, 'utf8')
  const plan = existsSync(planIn(folder))
  const refuse = (mistakes: string[]) =>
    usage(
      mistakes.map((mistake) => `${file} cannot be used: ${mistake}`).join('\n'),
      plan ? `npx tsx lab/run.ts --resume ${quote(folder)}, which makes its result anew` : undefined,
    )
  const head = readJson(Head, text)
  if (head.mistakes)
    throw refuse(head.mistakes.map((mistake) => `${mistake}: was it saved by another version of the lab?`))
  const { output: result, mistakes } = readJson(Result, text)
  if (mistakes) throw refuse(mistakes)
  if (result.argv[0] === 'lab/compare.ts')
    throw usage(`${file} is of a comparison: compare the runs that it was made from`, again(result.argv))
  const wrong = amiss(result)
  if (wrong.length) throw refuse(wrong)
  const planned = plan ? readRun(folder) : null
  if (planned && planned.started !== result.started)
    throw refuse([`started "${result.started}": its plan.json is of a run that began ${planned.started}`])
  const { counts, verdicts } = recountRun(folder, result, planned)
  if (counts.length) throw refuse(counts)
  if (!verdicts.length) return result
  // The very same lab judges alike; another one may have known no better.
  const here = lab ?? surroundings().lab
  if (result.lab.commit === here.commit && !here.commit?.endsWith('-dirty')) throw refuse(verdicts)
  const by = (of: Result['lab']) => `hitless ${of.version} (${of.commit})`
  for (const verdict of verdicts) note(`${file}, as saved by ${by(result.lab)} and read by ${by(here)}: ${verdict}`)
  return result
}

/**
 * Where a saved run differs from what the events that it kept say: in the counts, and, where its plan is there, in the
 * verdicts.
 *
 * @returns a sentence for each difference; those in verdicts apart, as a later version of the lab may judge otherwise
 */
function recountRun(folder: string, result: Result, plan: SavedRun | null) {
  const measured = result.cells.filter(isMeasured)
  const called = (cell: MeasuredCell) => `cells.${result.cells.indexOf(cell)} (${cell.case} on ${cell.kernel})`
  const counts: string[] = []
  const done: Done[] = []
  for (const cell of measured) {
    const { events, amiss } = recount(join(folder, cell.folder), cell, cell.seed)
    counts.push(...amiss.map((sentence) => `${called(cell)}: ${sentence}`))
    const planned = plan?.cells.find((other) => cellName(other) === cell.folder)
    if (events && planned) done.push(doneOf(planned, cell, events))
  }
  // A verdict needs the control, so that some of the cells say nothing.
  const all = done.length === measured.length && !counts.length
  const verdicts = measured.flatMap((cell, i) => {
    const again = all ? judged(done[i]!, done) : cell
    const differs = `${called(cell)}: verdict "${cell.verdict}": by its events it is "${again.verdict}": ${again.reason}`
    return again.verdict === cell.verdict ? [] : [differs]
  })
  return { counts, verdicts }
}
