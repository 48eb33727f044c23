import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { doneOf, toldOf } from '../engine/local/local.ts'
import { gathered, judged } from '../measure/verdict/judged.ts'
import { readEvents } from '../model/events.ts'
import { readOutcomes, readRun } from '../saved/run.ts'
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
  try {
    const again = doneOf(one.cell, one.boot, { ...one.facts, ...toldOf(events, one.facts.pins) }, events)
    const all = done.map((boot) => gathered(boot.cell, [boot === one ? again : boot]))
    const { verdict, reason } = judged(all[done.indexOf(one)]!, all)
    return { verdict, reason }
  } catch (error) {
    return { verdict: 'failed', reason: (error as Error).message }
  }
}

/** What becomes of one defect in a stream. */
export const spoil = (plant: StreamPlant, out: string): Finding => finding(plant, [judgeStream(out, plant.edit)])
