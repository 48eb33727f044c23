import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import * as v from 'valibot'
import { quote } from 'zx/core'
import { measureAgain } from '../measure/boot.ts'
import { contradictions } from '../measure/doubts/coherence.ts'
import { type Done, gathered, judged } from '../measure/verdict/judged.ts'
import { usage } from '../model/fault.ts'
import { isMeasured, type MeasuredCell, Result } from '../model/result.ts'
import { again } from '../model/text/command.ts'
import { readJson } from '../model/text/mistakes.ts'
import type { Note } from '../model/text/note.ts'
import { recount } from './recount.ts'
import { planIn, readRun, type SavedRun } from './run.ts'

/** What is read first: a result of another schema is refused by its number alone. */
const Head = v.object({ schema: Result.entries.schema })

/**
 * Reads back the result of a saved run, and checks it as strictly as what is measured: its shape, its sums, that its
 * cells belong to it, and, where the events of the cells were kept, that they say the same.
 *
 * @param note takes a line about each thing that this version of the lab judges differently
 * @param here the version of the lab that reads
 * @throws a Fault (exit 2) that names the file, each field and its value
 */
export function readResult(folder: string, note: Note, here: Result['lab']): Result {
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
    throw usage(`${file} belongs to a comparison: compare the runs that it was made from`, again(result.argv))
  const wrong = contradictions(result)
  if (wrong.length) throw refuse(wrong)
  const planned = plan ? readRun(folder) : null
  if (planned && planned.started !== result.started)
    throw refuse([`started "${result.started}": its plan.json is of a run that began ${planned.started}`])
  if (planned && !isDeepStrictEqual(planned.experiments, result.experiments))
    throw refuse(['experiments: what they ask, print and consist of is not what its plan.json says'])
  const { counts, others, cells, silent } = recountRun(folder, result, planned)
  if (counts.length) throw refuse(counts)
  if (silent.length)
    note(`${file}: the events of ${silent.join(', ')} were not kept: what it says about them cannot be checked`)
  // The same version measures and judges alike, so the result was changed; another version may differ.
  if (others.length && result.lab.commit === here.commit && !here.commit?.endsWith('-dirty')) throw refuse(others)
  const by = ({ version, commit }: Result['lab']) => `hitless ${version} (${commit})`
  for (const other of others) note(`${file}, as saved by ${by(result.lab)} and read by ${by(here)}: ${other}`)
  return { ...result, cells }
}

/**
 * Measures a saved run again from the events that it kept, and judges it again where its plan is there.
 *
 * @returns its cells as this version of the lab reads them; a sentence for each difference in a count (`counts`), and for
 *   each that another version may explain (`others`); and the names of cells without events (`silent`)
 */
function recountRun(folder: string, result: Result, plan: SavedRun | null) {
  const called = (cell: MeasuredCell) => `cells.${result.cells.indexOf(cell)} (${named(cell)})`
  const [counts, others, silent]: string[][] = [[], [], []]
  const read = new Map<MeasuredCell, MeasuredCell>()
  const done = new Map<MeasuredCell, Done>()
  for (const cell of result.cells.filter(isMeasured)) {
    const { again, boots: reread, amiss, differing } = recount(folder, cell)
    counts!.push(...amiss.map((sentence) => `${called(cell)}: ${sentence}`))
    others!.push(...differing.map((sentence) => `${called(cell)}: ${sentence}`))
    if (!again && !amiss.length) silent!.push(named(cell))
    if (!again) continue
    read.set(cell, { ...cell, ...again })
    const planned = plan?.cells.find(({ name }) => name === cell.folder)
    if (!planned) continue
    const boots = reread.map(({ events, tally }, i) =>
      measureAgain({ cell: planned, boot: i + 1 }, cell.eachBoot[i]!, events, tally),
    )
    const wrong = boots.flatMap((boot) => (boot.kind === 'failed' ? [boot.reason] : []))
    counts!.push(...wrong.map((sentence) => `${called(cell)}: ${sentence}`))
    if (!wrong.length)
      done.set(
        cell,
        gathered(
          planned,
          boots.filter((boot) => boot.kind === 'done'),
        ),
      )
  }
  // A verdict needs the other cells of the run, the control among them.
  const all = [...done.values()]
  if (all.length === result.cells.filter(isMeasured).length && !counts!.length)
    for (const [cell, one] of done) {
      const { verdict, reason, noisy, noise, decidedAfter } = judged(one, all)
      if (verdict !== cell.verdict)
        others!.push(`${called(cell)}: verdict "${cell.verdict}": by its events it is "${verdict}": ${reason}`)
      read.set(cell, { ...read.get(cell)!, verdict, reason, noisy, noise, decidedAfter })
    }
  const cells = result.cells.map((cell) => (isMeasured(cell) ? (read.get(cell) ?? cell) : cell))
  return { counts: counts!, others: others!, silent: silent!, cells }
}

const named = ({ case: caseName, load, kernel }: MeasuredCell) => `${caseName} under ${load.name} on ${kernel}`
