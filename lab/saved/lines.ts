import { closeSync, readSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import { usage } from '../model/fault.ts'
import { openSaved } from './foreign.ts'

/** Bytes that are read at a time. */
const CHUNK = 1 << 20

/** Chunks that a line may have. Those of guests have some 4,000 letters. */
const MOST = 64

/**
 * The lines of a file, without what ends them; empty ones are left out. One chunk of it is in memory at a time: the events
 * of an hour are longer than the 512 MiB that Node.js allows a string.
 *
 * @throws a Fault (exit 2) when it is no file, or a line has no end
 */
export function* linesOf(path: string): Generator<string> {
  const chunk = Buffer.alloc(CHUNK)
  const decoder = new StringDecoder('utf8')
  const file = openSaved(path)
  try {
    let begun: string[] = []
    for (let size = readSync(file, chunk); size > 0; size = readSync(file, chunk)) {
      const [first, ...more] = decoder.write(chunk.subarray(0, size)).split('\n')
      begun.push(first!)
      if (begun.length > MOST) throw usage(`${path} has a line of more than ${MOST} MiB`)
      if (!more.length) continue
      const last = more.pop()!
      const line = begun.join('')
      if (line) yield line
      yield* more.filter(Boolean)
      begun = [last]
    }
    const line = begun.join('') + decoder.end()
    if (line) yield line
  } finally {
    closeSync(file)
  }
}
