import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { measureAgain } from '../measure/boot.ts'
import { gathered, judged } from '../measure/verdict/judged.ts'
import { readEvents } from '../model/events.ts'
import { readOutcomes } from '../saved/outcomes.ts'
import { readRun } from '../saved/run.ts'
import { type Finding, finding, type Said } from './finding.ts'
import type { StreamPlant } from './streams/plant.ts'

/**
 * Edits the saved stream of the case `none` and lets the lab measure and judge it again.
 *
 * @param out the folder of a run with `none` that this lab made
 * @param plant none: the events stay as they are
 * @returns its verdict, and whether it was noisy
 */
export function judgeStream(
  out: string,
  { edit, twin }: Pick<StreamPlant, 'edit' | 'twin'> = { edit: (events) => events },
): [Said, ...Said[]] {
  const { done } = readOutcomes(out, readRun(out), () => {})
  const one = done.find(({ cell }) => cell.case.name === 'none')!
  const text = readFileSync(join(out, one.cell.name, one.facts.folder, 'events.jsonl'), 'utf8')
  const spoilt = edit(readEvents(text).events.map((event) => structuredClone(event)))
  const { events, broken } = readEvents(spoilt.map((event) => JSON.stringify(event)).join('\n'))
  if (broken) return [{ verdict: 'failed', reason: broken }]
  const again = measureAgain(twin ? { ...one, boot: one.boot + 1 } : one, one.facts, events)
  if (again.kind === 'failed') return [{ verdict: 'failed', reason: again.reason }]
  const boots = twin ? [one, again] : [again]
  const all = done.map((boot) => gathered(boot.cell, boot === one ? boots : [boot]))
  const { verdict, reason, noise } = judged(all[done.indexOf(one)]!, all)
  return [{ verdict, reason }, ...noise.map((reason): Said => ({ verdict: 'noisy', reason }))]
}

/** What becomes of one defect in a stream. */
export const spoil = (plant: StreamPlant, out: string): Finding => finding(plant, judgeStream(out, plant))
