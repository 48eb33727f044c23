import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type EndedBoot, measureAgain, measureBoot } from '../measure/boot.ts'
import { type Loaded, measure } from '../measure/measure.ts'
import { Unmeasurable } from '../measure/numbers/boot-events.ts'
import { type Tally, tally } from '../measure/numbers/tally.ts'
import { bootFolder, type Cell, type Start } from '../model/cell.ts'
import { type Event, readEventLines, type SavedEvents } from '../model/events.ts'
import { hostFactsOf, type Outcome } from '../model/outcome.ts'
import type { Measured } from '../model/result/measured.ts'
import type { Boot, MeasuredCell } from '../model/result.ts'
import { shown } from '../model/text/mistakes.ts'
import { linesOf } from './lines.ts'
import { requireRoom } from './room.ts'

const EVENTS = 'events.jsonl'

/** Counts that every version of the lab must read alike from the same events. */
const COUNTS: string[] = ['reloads', 'connections', 'ok', 'resets', 'refused', 'timeouts', 'short', 'other']

/** Saved events. What is wrong with them is the end of a sentence that begins with the file. */
function eventsIn(file: string): SavedEvents {
  // Not existsSync: access(2) takes no notice of the capabilities with which a user may read it.
  if (!statSync(file, { throwIfNoEntry: false })) return { events: [], broken: ' is missing' }
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
 * @throws a Fault (exit 3) when they are too large to be counted here
 */
export function rereadBoot(folder: string, start: Start, facts: Boot): EndedBoot {
  requireRoom(join(folder, bootFolder(start.boot), EVENTS))
  return measureSaved(folder, start, { kind: 'done', facts: hostFactsOf(facts), consoleTail: [] })
}

/** What the events of a cell say, and a sentence for each saved number that differs. */
export interface Recount {
  /** The cell measured again; null where its events were not kept, or nothing can be measured from them. */
  again: Measured | null
  /** Each boot as its plan has it, where `again` is there, and a plan. */
  boots: EndedBoot[]
  /** Differences that no version of the lab explains. */
  amiss: string[]
  /** Differences that another version of the lab may explain. */
  differing: string[]
}

/**
 * Measures a cell again from its saved events and compares every number. The events of one boot are in memory at a time.
 *
 * @param folder of the run
 * @param planned the cell in the plan of the run, where that was kept
 * @throws a Fault (exit 3) when the events of a boot are too large to be counted here
 */
export function recount(folder: string, cell: MeasuredCell, planned?: Cell): Recount {
  const nothing = { again: null, boots: [], differing: [] }
  const files = cell.eachBoot.map((boot) => join(folder, cell.folder, boot.folder, EVENTS))
  if (!files.some((file) => existsSync(file))) return { ...nothing, amiss: [] }
  const boots: Counted[] = []
  const amiss: string[] = []
  for (const [i, file] of files.entries()) {
    const facts = cell.eachBoot[i]!
    const read = countedFrom(file, (events, tally) =>
      planned ? [measureAgain({ cell: planned, boot: i + 1 }, facts, events, tally)] : [],
    )
    if (typeof read === 'string') amiss.push(`${facts.folder}/${EVENTS}${read}`)
    else {
      const twin = boots.findIndex(({ tally }) => isDeepStrictEqual(tally, read.tally))
      if (twin >= 0)
        amiss.push(`${facts.folder}/${EVENTS} is that of ${cell.eachBoot[twin]!.folder}: one boot counted twice`)
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
  return { again, boots: boots.flatMap(({ ended }) => ended), amiss: counts.map(say), differing: others.map(say) }
}

/** The numbers of a boot. */
interface Counted {
  tally: Tally
  /** The boot, where there is a plan. */
  ended: EndedBoot[]
}

/** The numbers of a boot; or what is wrong with its events, as the end of a sentence that begins with the file. */
function countedFrom(file: string, measured: (events: Event[], tally: Tally) => EndedBoot[]): Counted | string {
  requireRoom(file)
  const { events, broken } = eventsIn(file)
  if (broken) return broken
  try {
    const counts = tally(events)
    return { tally: counts, ended: measured(events, counts) }
  } catch (error) {
    if (error instanceof Unmeasurable) return `: ${error.message}`
    throw error
  }
}
