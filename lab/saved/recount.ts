import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type BootDone, doneOf, toldOf } from '../engine/local/local.ts'
import { type Loaded, measure } from '../measure/measure.ts'
import { Unmeasurable } from '../measure/numbers/boot-events.ts'
import { type Tally, tally } from '../measure/numbers/tally.ts'
import type { Cell } from '../model/cell.ts'
import { type Event, readEvents } from '../model/events.ts'
import type { Measured } from '../model/measured.ts'
import { shown } from '../model/mistakes.ts'
import type { Boot, MeasuredCell } from '../model/result.ts'

const EVENTS = 'events.jsonl'

/** Counts that no later version of the lab may read otherwise from the same events. */
const COUNTS: string[] = ['reloads', 'connections', 'ok', 'resets', 'refused', 'timeouts', 'short', 'other']

/** Saved events, or what is wrong with them: the end of a sentence that begins with the file. */
function eventsIn(file: string): Event[] | string {
  if (!existsSync(file)) return ' is missing'
  const { events, broken } = readEvents(readFileSync(file, 'utf8'))
  return broken ? `: ${broken}` : events
}

/** What came of a boot, by its saved events; or a sentence on what is wrong with them. */
type Reread = { done: BootDone } | { amiss: string }

/**
 * A boot by its saved events, whatever else is saved of it.
 *
 * @param folder of its cell
 * @param facts as they were saved: what only the outside could tell is taken from there
 */
export function rereadBoot(folder: string, cell: Cell, boot: number, facts: Boot): Reread {
  const events = eventsIn(join(folder, facts.folder, EVENTS))
  return typeof events === 'string' ? { amiss: `${EVENTS}${events}` } : bootAgain(cell, boot, facts, events)
}

/** @param told the tally of the events, where it is known */
export function bootAgain(cell: Cell, boot: number, facts: Boot, events: Event[], told?: Tally): Reread {
  try {
    return { done: doneOf(cell, boot, { ...facts, ...toldOf(events, facts.pins) }, events, told) }
  } catch (error) {
    return { amiss: (error as Error).message }
  }
}

/** What the events of a cell say, and where its saved numbers differ from it, a sentence each. */
export interface Recount {
  /** Null where they were not kept, or nothing can be measured from them. */
  again: Measured | null
  /** Each boot, where `again` is there. */
  boots: { events: Event[]; tally: Tally }[]
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
  const nothing = { again: null, boots: [], differing: [] }
  const files = cell.eachBoot.map((boot) => join(folder, cell.folder, boot.folder, EVENTS))
  if (!files.some((file) => existsSync(file))) return { ...nothing, amiss: [] }
  const boots: Recount['boots'] = []
  const amiss: string[] = []
  for (const [i, file] of files.entries()) {
    const read = talliedFrom(file)
    if (typeof read === 'string') amiss.push(`${cell.eachBoot[i]!.folder}/${EVENTS}${read}`)
    else {
      const twin = boots.findIndex(({ tally }) => isDeepStrictEqual(tally, read.tally))
      if (twin >= 0)
        amiss.push(
          `${cell.eachBoot[i]!.folder}/${EVENTS} is that of ${cell.eachBoot[twin]!.folder}: one boot counted twice`,
        )
      boots.push(read)
    }
  }
  if (amiss.length) return { ...nothing, amiss }
  const again = measure(
    boots.map(({ tally }) => tally),
    cell satisfies Loaded,
  )
  const fields = (Object.keys(again) as (keyof Measured)[]).filter(
    (field) => JSON.stringify(again[field]) !== JSON.stringify(cell[field]),
  )
  const say = (field: keyof Measured) => `${field} ${shown(cell[field])}: its events say ${shown(again[field])}`
  const counts = fields.filter((field) => COUNTS.includes(field))
  const others = fields.filter((field) => !COUNTS.includes(field))
  return { again, boots, amiss: counts.map(say), differing: others.map(say) }
}

/** A boot's events and numbers, or what is wrong with them: the end of a sentence that begins with the file. */
function talliedFrom(file: string): Recount['boots'][number] | string {
  const events = eventsIn(file)
  if (typeof events === 'string') return events
  try {
    return { events, tally: tally(events) }
  } catch (error) {
    if (error instanceof Unmeasurable) return `: ${error.message}`
    throw error
  }
}
