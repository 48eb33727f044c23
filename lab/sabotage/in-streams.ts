import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { measureAgain } from '../measure/boot.ts'
import { gathered, judged } from '../measure/verdict/judged.ts'
import { type Event, readEvents } from '../model/events.ts'
import { readOutcomes, readRun } from '../saved/run.ts'
import { type Caught, type Finding, finding, type Said } from './plant.ts'
import { STREAM_PLANTS } from './stream-plants.ts'

/** A defect in what a guest tells: what a sabotaged generator, watch or clock would have told of a healthy cell. */
export interface StreamPlant {
  name: string
  planted: string
  edit: (events: Event[]) => Event[]
  caught: Caught
}

/** All defects of streams. */
export const streamPlants: StreamPlant[] = STREAM_PLANTS

/**
 * Spoils the saved stream of the case `none` of a run, and lets the lab measure and judge it again.
 *
 * @param out the folder of a run with `none`, made by this lab
 * @param edit leaves the events alone where none is given
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

/** What becomes of one defect of a stream. */
export const spoil = (plant: StreamPlant, out: string): Finding => finding(plant, [judgeStream(out, plant.edit)])
