import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import * as v from 'valibot'
import { quote } from 'zx/core'
import { contradictions } from '../measure/doubts/coherence.ts'
import { type Done, gathered, judged } from '../measure/verdict/judged.ts'
import { usage } from '../model/fault.ts'
import { isMeasured, type MeasuredCell, Result, type ResultCell } from '../model/result.ts'
import { list } from '../model/text/amounts.ts'
import { again } from '../model/text/command.ts'
import { labText } from '../model/text/lab.ts'
import { readJson, shown } from '../model/text/mistakes.ts'
import type { Note } from '../model/text/note.ts'
import { readSaved } from './foreign.ts'
import { recount } from './recount.ts'
import { planIn, readRun, type SavedRun } from './run.ts'
import { isSameLab } from './version/changes.ts'

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
  const text = readSaved(file)
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
  if (planned && !isDeepStrictEqual(planned.shard, result.shard))
    throw refuse([`shard ${shown(result.shard)}: its plan.json says ${shown(planned.shard)}`])
  const absent = planned && !result.interrupted ? absentCells(result, planned) : []
  if (absent.length) throw refuse([`cells: its plan.json has also ${list(absent)}, and the run was not interrupted`])
  const reread = rereadCells(folder, result, planned)
  const told = (sentences: (one: Reread) => string[]) =>
    reread.flatMap((one) =>
      sentences(one).map((said) => `cells.${result.cells.indexOf(one.cell)} (${cellTitle(one.cell)}): ${said}`),
    )
  const [counts, others] = [told(({ amiss }) => amiss), told(({ differing }) => differing)]
  const silent = reread.filter(({ again, amiss }) => !again && !amiss.length).map(({ cell }) => cellTitle(cell))
  if (counts.length) throw refuse(counts)
  if (silent.length)
    note(`${file}: the events of ${silent.join(', ')} were not kept: what it says about them cannot be checked`)
  // The same version measures and judges alike, so the result was changed; another version may differ.
  if (others.length && isSameLab(result.lab, here)) throw refuse(others)
  const by = (lab: Result['lab']) => `hitless ${labText(lab)}`
  for (const other of others) note(`${file}, as saved by ${by(result.lab)} and read by ${by(here)}: ${other}`)
  const cells = new Map<ResultCell, ResultCell>(reread.map(({ cell, again }) => [cell, again ?? cell]))
  return { ...result, cells: result.cells.map((cell) => cells.get(cell) ?? cell) }
}

/** Cells of a plan that its result does not tell of. */
const absentCells = ({ cells }: Result, plan: SavedRun): string[] =>
  plan.cells.flatMap(({ name }) => (cells.some(({ folder }) => folder === name) ? [] : [name]))

/** A cell of a saved result, and what its plan and events say it is. */
export interface Reread {
  cell: MeasuredCell
  /** As this version of the lab reads it; null where its events were not kept, or cannot be measured. */
  again: MeasuredCell | null
  /** Whether its verdict was found again, too: that takes its plan, and the events of all cells of the run. */
  isJudged: boolean
  /** A sentence for each difference that no version of the lab explains. */
  amiss: string[]
  /** A sentence for each difference that another version may explain. */
  differing: string[]
}

/** Measures the cells of a saved run again from the events that it kept, and judges them again where its plan is there. */
export function rereadCells(folder: string, result: Result, plan: SavedRun | null): Reread[] {
  const done = new Map<MeasuredCell, Done>()
  const all = result.cells.filter(isMeasured).map((cell): Reread => {
    const planned = plan?.cells.find(({ name }) => name === cell.folder)
    const { again, boots, amiss, differing } = recount(folder, cell, planned)
    const read = { cell, again: again && { ...cell, ...again }, isJudged: false, amiss, differing }
    if (!again || !planned) return read
    const wrong = boots.flatMap((boot) => (boot.kind === 'failed' ? [boot.reason] : []))
    const measured = boots.filter((boot) => boot.kind === 'done')
    if (!wrong.length) done.set(cell, gathered(planned, measured))
    return { ...read, amiss: [...amiss, ...wrong] }
  })
  // A verdict needs the other cells of the run, the control among them.
  if (all.some(({ cell, amiss }) => amiss.length || !done.has(cell))) return all
  return all.map((read) => judgedAgain(read, judged(done.get(read.cell)!, [...done.values()])))
}

/** Fields that are words of the version that wrote them, or follow from others. */
const WORDS: (keyof MeasuredCell)[] = ['verdict', 'reason', 'noise']

function judgedAgain(read: Reread, now: MeasuredCell): Reread {
  const { cell, again } = read
  const verdict =
    now.verdict === cell.verdict
      ? []
      : [`verdict "${cell.verdict}": by its events it is "${now.verdict}": ${now.reason}`]
  const fields = (Object.keys(cell) as (keyof MeasuredCell)[])
    .filter((field) => !WORDS.includes(field) && again && isDeepStrictEqual(cell[field], again[field]))
    .filter((field) => !isDeepStrictEqual(asJson(cell[field]), asJson(now[field])))
  const others = fields.flatMap((field) => sayings(field, asJson(cell[field]), asJson(now[field])))
  return { ...read, again: now, isJudged: true, differing: [...read.differing, ...verdict, ...others] }
}

/** What a field says and what its plan and events say; of an object only where they differ: the whole is cut as it is shown. */
function sayings(field: string, was: unknown, is: unknown): string[] {
  if (isObject(was) && isObject(is))
    return [...new Set([...Object.keys(was), ...Object.keys(is)])]
      .filter((key) => !isDeepStrictEqual(was[key], is[key]))
      .flatMap((key) => sayings(`${field}.${key}`, was[key], is[key]))
  return [`${field} ${shown(was)}: its plan and events say ${shown(is)}`]
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** As JSON has it, in which there is nothing undefined. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null))

/** A cell in a sentence. */
export const cellTitle = ({ case: caseName, load, kernel }: ResultCell) => `${caseName} under ${load.name} on ${kernel}`
