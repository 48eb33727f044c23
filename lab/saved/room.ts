import { statSync } from 'node:fs'
import { getHeapStatistics } from 'node:v8'
import { notReady } from '../model/fault.ts'
import { whole } from '../model/text/amounts.ts'

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

/** @throws a Fault (exit 3) when events are too large to be counted here */
export function requireRoom(file: string) {
  const large = tooLarge(file)
  if (large) throw notReady(`${file}: ${large.said}`, `${large.option}, and the same again`)
}
