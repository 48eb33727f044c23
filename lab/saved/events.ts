import { existsSync, statSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { getHeapStatistics } from 'node:v8'
import { type Event, readEventLines, type SavedEvents, SavedStream } from '../model/events.ts'
import { notReady } from '../model/fault.ts'
import { whole } from '../model/text/amounts.ts'
import { linesOf } from './lines.ts'

/** The file in a boot's folder that has its events, one a line. */
export const EVENTS = 'events.jsonl'

/**
 * Bytes of memory that a byte of saved events takes until it is counted. With 1,300 MiB Node.js counts 176 MiB of which the
 * load's slots are most, with 1,400 MiB 181 MiB of which losses are most, and with 900 MiB neither.
 */
const MEMORY_A_BYTE = 8

/**
 * What keeps events from being counted here: more memory than Node.js gives a program, which would end with all its other
 * guests. Null when nothing does.
 *
 * @param limit bytes
 * @returns it in words, and the variable of the environment that helps
 */
export function tooLarge(
  file: string,
  limit = getHeapStatistics().heap_size_limit,
): { said: string; option: string } | null {
  const bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  const needed = bytes * MEMORY_A_BYTE
  if (needed <= limit) return null
  const mib = (bytes: number) => Math.ceil(bytes / 2 ** 20)
  return {
    said: `to count its ${whole(mib(bytes))} MiB of events takes ${whole(mib(needed))} MiB of memory, and Node.js gives ${whole(mib(limit))}`,
    option: `NODE_OPTIONS=--max-old-space-size=${mib(needed)}`,
  }
}

/**
 * Saved events; or what is wrong with them, as the end of a sentence that begins with the file.
 *
 * @throws a Fault (exit 3) when they are too large
 */
export function eventsIn(file: string): Event[] | string {
  if (!existsSync(file)) return ' is missing'
  const large = tooLarge(file)
  if (large) throw notReady(`${file}: ${large.said}`, `${large.option}, and the same again`)
  const { events, broken } = readEventLines(linesOf(file))
  return broken ? `: ${broken}` : events
}

/** Milliseconds after which a reader lets others have their turn. One line takes at most some ten. */
const TURN_MS = 50

/**
 * Reads saved events as {@link readEventLines} does, while other guests are watched: those of an hour take a minute. They
 * must not be {@link tooLarge}.
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
