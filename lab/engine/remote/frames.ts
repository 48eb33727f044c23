import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { parseJson, type Read, readAs } from '../../model/text/mistakes.ts'

// How a worker's messages travel: as numbered lines on its stdout, which a container's log keeps. Logs are cut, rotated,
// read twice and followed over connections that break, so that each line has a number, and the last one a hash of all.

/** Frames that are lost, doubled, cut or changed: what they carried cannot be believed. */
export class BrokenFrames extends Error {
  override name = 'BrokenFrames'
}

/**
 * Characters of a message's JSON in one frame. Docker's json-file log splits lines at 16 KiB. Written as JSON once more,
 * a character of it takes at most three bytes.
 */
const PIECE = 5000

const Frame = v.variant('f', [
  /** A piece of a message; `more`: others follow. */
  v.strictObject({
    n: v.number(),
    f: v.literal('piece'),
    text: v.string(),
    more: v.optional(v.boolean(), false),
  }),
  /** The last one: the SHA-256 of all lines before, each with its newline. */
  v.strictObject({ n: v.number(), f: v.literal('end'), sha256: v.string() }),
])
type Frame = v.InferInput<typeof Frame>

/** Writes messages as frames, each one line of at most 16 KiB. */
export class FrameWriter {
  #n = 0
  #hash = createHash('sha256')

  /** @param write takes a line with its newline */
  constructor(readonly write: (line: string) => void) {}

  /** @param message anything that JSON can say */
  send(message: unknown) {
    const text = JSON.stringify(message)
    for (let at = 0; at < text.length; at += PIECE) {
      const more = at + PIECE < text.length
      this.#put({ n: ++this.#n, f: 'piece', text: text.slice(at, at + PIECE), ...(more && { more }) })
    }
  }

  /** Nothing may be sent after it. */
  end() {
    this.#put({ n: ++this.#n, f: 'end', sha256: this.#hash.copy().digest('hex') })
  }

  #put(frame: Frame) {
    const line = `${JSON.stringify(frame)}\n`
    this.#hash.update(line)
    this.write(line)
  }
}

/** A guest's console is in it, with whatever acts on a terminal. */
function frameIn(line: string): Read<v.InferOutput<typeof Frame>> {
  const { output, mistakes } = parseJson(line)
  return mistakes ? { mistakes } : readAs(Frame, output)
}

/**
 * Reads frames back, line by line. A log whose connection broke can be read again from its beginning: messages that
 * were read before are then checked and not given again.
 */
export class FrameReader {
  #n = 0
  #hash = createHash('sha256')
  #text = ''
  #messages = 0
  /** What each message that was given came from. */
  #given: string[] = []
  #ended = false

  /** Whether the last frame has come, and fitted all others. */
  get ended(): boolean {
    return this.#ended
  }

  /**
   * @param line without its newline
   * @returns the message that is whole now, or none
   * @throws BrokenFrames
   */
  take(line: string): { message: unknown } | null {
    const { output: frame, mistakes } = frameIn(line)
    const found = JSON.stringify(line.slice(0, 120))
    if (mistakes) throw new BrokenFrames(`line ${this.#n + 1} of the worker is no frame: ${mistakes[0]}: ${found}`)
    if (this.#ended) throw new BrokenFrames(`the worker said more after its last frame: ${found}`)
    if (frame.n !== this.#n + 1)
      throw new BrokenFrames(`frame ${this.#n + 1} of the worker is missing: frame ${frame.n} came instead`)
    this.#n = frame.n
    if (frame.f === 'end') {
      this.#close(frame.sha256)
      return null
    }
    this.#hash.update(`${line}\n`)
    this.#text += frame.text
    return frame.more ? null : this.#whole()
  }

  /** From now on the lines come again, from the first. */
  again() {
    this.#n = 0
    this.#hash = createHash('sha256')
    this.#text = ''
    this.#messages = 0
    this.#ended = false
  }

  #close(sha256: string) {
    if (this.#text) throw new BrokenFrames('the last message of the worker has no end')
    if (sha256 !== this.#hash.digest('hex'))
      throw new BrokenFrames(
        `the ${this.#n - 1} frames of the worker are not those that it sent: their SHA-256 differs`,
      )
    this.#ended = true
  }

  #whole(): { message: unknown } | null {
    const text = this.#text
    this.#text = ''
    const sha256 = createHash('sha256').update(text).digest('hex')
    const before = this.#given[this.#messages++]
    if (before === sha256) return null
    if (before !== undefined)
      throw new BrokenFrames(`message ${this.#messages} of the worker is another one than when it was read before`)
    this.#given.push(sha256)
    try {
      return { message: JSON.parse(text) }
    } catch {
      throw new BrokenFrames(
        `message ${this.#messages} of the worker is not JSON: ${JSON.stringify(text.slice(0, 120))}`,
      )
    }
  }
}
