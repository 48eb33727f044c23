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
 * @param edit none: the events stay as they are
 */
export function judgeStream(out: string, edit: StreamPlant['edit'] = (events) => events): Said {
  const { done } = readOutcomes(out, readRun(out), () => {})
  const one = done.find(({ cell }) => cell.case.name === 'none')!
  const text = readFileSync(join(out, one.cell.name, one.facts.folder, 'events.jsonl'), 'utf8')
  const spoilt = edit(readEvents(text).events.map((event) => structuredClone(event)))
  const { events, broken } = readEvents(spoilt.map((event) => JSON.stringify(event)).join('\n'))
  if (broken) return { verdict: 'failed', reason: broken }
  const again = measureAgain(one, one.facts, events)
  if (again.kind === 'failed') return { verdict: 'failed', reason: again.reason }
  const all = done.map((boot) => gathered(boot.cell, [boot === one ? again : boot]))
  const { verdict, reason } = judged(all[done.indexOf(one)]!, all)
  return { verdict, reason }
}

/** What becomes of one defect in a stream. */
export const spoil = (plant: StreamPlant, out: string): Finding => finding(plant, [judgeStream(out, plant.edit)])
