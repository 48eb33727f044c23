import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Event, readEvents } from '../guest/events.ts'
import { measure, Unmeasurable } from '../measure/measure.ts'
import type { Measured } from '../measure/result.ts'

/** Counts that no later version of the lab may read otherwise from the same events. */
const COUNTS = ['reloads', 'connections', 'ok', 'resets', 'refused', 'timeouts', 'short', 'other'] as const

/**
 * Where the counts of a cell differ from what its saved events say, a sentence each; none when they agree, and where
 * the events were not kept.
 *
 * @param folder of the cell
 */
export function recount(folder: string, cell: Measured, seed: number): { events: Event[] | null; amiss: string[] } {
  const file = join(folder, 'events.jsonl')
  if (!existsSync(file)) return { events: null, amiss: [] }
  const { events, broken } = readEvents(readFileSync(file, 'utf8'))
  if (broken) return { events: null, amiss: [`events.jsonl: ${broken}`] }
  try {
    const again = measure(events, seed)
    const differing = COUNTS.filter((field) => again[field] !== cell[field])
    return { events, amiss: differing.map((field) => `${field} ${cell[field]}: its events.jsonl says ${again[field]}`) }
  } catch (error) {
    if (error instanceof Unmeasurable) return { events: null, amiss: [`events.jsonl: ${error.message}`] }
    throw error
  }
}
