import { existsSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { type Event, readEventLines, type SavedEvents, SavedStream } from '../model/events.ts'
import { linesOf } from './lines.ts'

/** The file in a boot's folder that has its events, one a line. */
export const EVENTS = 'events.jsonl'

/** Saved events; or what is wrong with them, as the end of a sentence that begins with the file. */
export function eventsIn(file: string): Event[] | string {
  if (!existsSync(file)) return ' is missing'
  const { events, broken } = readEventLines(linesOf(file))
  return broken ? `: ${broken}` : events
}

/** Milliseconds after which a reader lets others have their turn. One line takes at most some ten. */
const TURN_MS = 50

/**
 * Reads saved events as {@link readEventLines} does, while other guests are watched: those of an hour take a minute.
 *
 * @throws Error when the file cannot be read
 */
export async function eventsInTurns(file: string): Promise<SavedEvents> {
  const stream = new SavedStream()
  let since = performance.now()
  for (const line of linesOf(file)) {
    if (!stream.take(line)) break
    if (performance.now() - since < TURN_MS) continue
    await setImmediate()
    since = performance.now()
  }
  return stream.end()
}
