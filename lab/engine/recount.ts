import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { shown } from '../../images/mistakes.ts'
import { type Event, readEvents } from '../guest/events.ts'
import { measure, Unmeasurable } from '../measure/measure.ts'
import type { Measured } from '../measure/result.ts'

/** Counts that no later version of the lab may read otherwise from the same events. */
const COUNTS: string[] = ['reloads', 'connections', 'ok', 'resets', 'refused', 'timeouts', 'short', 'other']

/** What the events of a cell say, and where its saved numbers differ from it, a sentence each. */
export interface Recount {
  /** Null where they were not kept, or nothing can be measured from them. */
  events: Event[] | null
  again: Measured | null
  /** What cannot be, whatever version of the lab saved it. */
  amiss: string[]
  /** What another version may have measured otherwise. */
  differing: string[]
}

/**
 * Measures a cell again from its saved events and compares every number.
 *
 * @param folder of the cell
 */
export function recount(folder: string, cell: Measured, seed: number): Recount {
  const nothing = { events: null, again: null, differing: [] }
  const file = join(folder, 'events.jsonl')
  if (!existsSync(file)) return { ...nothing, amiss: [] }
  const { events, broken } = readEvents(readFileSync(file, 'utf8'))
  if (broken) return { ...nothing, amiss: [`events.jsonl: ${broken}`] }
  try {
    const again = measure(events, seed)
    const fields = (Object.keys(again) as (keyof Measured)[]).filter(
      (field) => JSON.stringify(again[field]) !== JSON.stringify(cell[field]),
    )
    const say = (field: keyof Measured) =>
      `${field} ${shown(cell[field])}: its events.jsonl says ${shown(again[field])}`
    const counts = fields.filter((field) => COUNTS.includes(field))
    const others = fields.filter((field) => !COUNTS.includes(field))
    return { events, again, amiss: counts.map(say), differing: others.map(say) }
  } catch (error) {
    if (error instanceof Unmeasurable) return { ...nothing, amiss: [`events.jsonl: ${error.message}`] }
    throw error
  }
}
