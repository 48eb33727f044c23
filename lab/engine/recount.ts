import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { shown } from '../../images/mistakes.ts'
import { readEvents } from '../guest/events.ts'
import { type Loaded, measure } from '../measure/measure.ts'
import type { Boot, Measured, MeasuredCell } from '../measure/result.ts'
import { type Tally, tally, Unmeasurable } from '../measure/tally.ts'
import type { Cell } from '../plan/cell.ts'
import { type BootDone, doneOf, toldOf } from './local.ts'

const EVENTS = 'events.jsonl'

/** Counts that no later version of the lab may read otherwise from the same events. */
const COUNTS: string[] = ['reloads', 'connections', 'ok', 'resets', 'refused', 'timeouts', 'short', 'other']

/**
 * A boot by its saved events, whatever else is saved of it.
 *
 * @param folder of its cell
 * @param facts as they were saved: what only the outside could tell is taken from there
 * @returns the boot, or a sentence on what is wrong with its events
 */
export function rereadBoot(
  folder: string,
  cell: Cell,
  boot: number,
  facts: Boot,
): { done: BootDone } | { amiss: string } {
  const file = join(folder, facts.folder, EVENTS)
  if (!existsSync(file)) return { amiss: `${EVENTS} is missing` }
  const { events, broken } = readEvents(readFileSync(file, 'utf8'))
  if (broken) return { amiss: `${EVENTS}: ${broken}` }
  try {
    return { done: doneOf(cell, boot, { ...facts, ...toldOf(events, facts.pins) }, events) }
  } catch (error) {
    return { amiss: (error as Error).message }
  }
}

/** What the events of a cell say, and where its saved numbers differ from it, a sentence each. */
export interface Recount {
  /** Null where they were not kept, or nothing can be measured from them. */
  again: Measured | null
  /** What cannot be, whatever version of the lab saved it. */
  amiss: string[]
  /** What another version may have measured otherwise. */
  differing: string[]
}

/**
 * Measures a cell again from its saved events and compares every number.
 *
 * @param folder of the run
 */
export function recount(folder: string, cell: MeasuredCell): Recount {
  const nothing = { again: null, differing: [] }
  const files = cell.eachBoot.map((boot) => join(folder, cell.folder, boot.folder, EVENTS))
  if (!files.some((file) => existsSync(file))) return { ...nothing, amiss: [] }
  const tallies: Tally[] = []
  const amiss: string[] = []
  for (const [i, file] of files.entries()) {
    const read = talliedFrom(file)
    if (typeof read === 'string') amiss.push(`${cell.eachBoot[i]!.folder}/${EVENTS}${read}`)
    else tallies.push(read)
  }
  if (amiss.length) return { ...nothing, amiss }
  const again = measure(tallies, cell satisfies Loaded)
  const fields = (Object.keys(again) as (keyof Measured)[]).filter(
    (field) => JSON.stringify(again[field]) !== JSON.stringify(cell[field]),
  )
  const say = (field: keyof Measured) => `${field} ${shown(cell[field])}: its events say ${shown(again[field])}`
  const counts = fields.filter((field) => COUNTS.includes(field))
  const others = fields.filter((field) => !COUNTS.includes(field))
  return { again, amiss: counts.map(say), differing: others.map(say) }
}

/** A boot's numbers, or what is wrong with its events: the end of a sentence that begins with the file. */
function talliedFrom(file: string): Tally | string {
  if (!existsSync(file)) return ' is missing'
  const { events, broken } = readEvents(readFileSync(file, 'utf8'))
  if (broken) return `: ${broken}`
  try {
    return tally(events)
  } catch (error) {
    if (error instanceof Unmeasurable) return `: ${error.message}`
    throw error
  }
}
