import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type EndedBoot, measureBoot } from '../measure/boot.ts'
import { type Loaded, measure } from '../measure/measure.ts'
import { Unmeasurable } from '../measure/numbers/boot-events.ts'
import { type Tally, tally } from '../measure/numbers/tally.ts'
import { bootFolder, type Start } from '../model/cell.ts'
import { type Event, readEventLines, type SavedEvents } from '../model/events.ts'
import { hostFactsOf, type Outcome } from '../model/outcome.ts'
import type { Measured } from '../model/result/measured.ts'
import type { Boot, MeasuredCell } from '../model/result.ts'
import { shown } from '../model/text/mistakes.ts'
import { linesOf } from './lines.ts'

const EVENTS = 'events.jsonl'

/** Counts that every version of the lab must read alike from the same events. */
const COUNTS: string[] = ['reloads', 'connections', 'ok', 'resets', 'refused', 'timeouts', 'short', 'other']

/** Saved events. What is wrong with them is the end of a sentence that begins with the file. */
function eventsIn(file: string): SavedEvents {
  if (!existsSync(file)) return { events: [], broken: ' is missing' }
  const { events, broken } = readEventLines(linesOf(file))
  return { events, broken: broken && `: ${broken}` }
}

/**
 * Measures a boot from its saved events.
 *
 * @param folder of its cell
 * @param outcome what the engine saw of it; a reason of its own goes before what is wrong with the events
 */
export function measureSaved(
  folder: string,
  start: Start,
  outcome: Exclude<Outcome, { kind: 'interrupted' }>,
): EndedBoot {
  const { events, broken } = eventsIn(join(folder, bootFolder(start.boot), EVENTS))
  if (!broken || outcome.kind === 'failed') return measureBoot(start, outcome, events)
  return measureBoot(start, { ...outcome, kind: 'failed', reason: `${EVENTS}${broken}` }, events)
}

/**
 * Reads a boot from its saved events, whatever else is saved about it.
 *
 * @param folder of its cell
 * @param facts as they were saved: only what was seen from outside is taken from there
 */
export const rereadBoot = (folder: string, start: Start, facts: Boot): EndedBoot =>
  measureSaved(folder, start, { kind: 'done', facts: hostFactsOf(facts), consoleTail: [] })

/** What the events of a cell say, and a sentence for each saved number that differs. */
export interface Recount {
  /** The cell measured again; null where its events were not kept, or nothing can be measured from them. */
  again: Measured | null
  /** Each boot, where `again` is there. */
  boots: { events: Event[]; tally: Tally }[]
  /** Differences that no version of the lab explains. */
  amiss: string[]
  /** Differences that another version of the lab may explain. */
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

/** The events and numbers of a boot; or what is wrong with them, as the end of a sentence that begins with the file. */
function talliedFrom(file: string): Recount['boots'][number] | string {
  const { events, broken } = eventsIn(file)
  if (broken) return broken
  try {
    return { events, tally: tally(events) }
  } catch (error) {
    if (error instanceof Unmeasurable) return `: ${error.message}`
    throw error
  }
}
