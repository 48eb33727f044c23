import { EventEmitter } from 'node:events'
import { type Duplex, PassThrough, type Readable } from 'node:stream'
import { BrokenFrames, type Frame, FrameReader } from './frames.ts'

/** The line behind which frames come. */
const OPENS = /^\{"n":\d+,"e":"shell"/

/**
 * A guest's port that carries events and, behind the event that says so, the frames of a shell, until that has ended.
 * Emits each frame, and what is wrong with one that is none.
 */
export class ShellPort extends EventEmitter<{ frame: [Frame]; broken: [BrokenFrames] }> {
  /** The events, without the frames. */
  readonly events = new PassThrough()
  #line: Buffer = Buffer.alloc(0)
  #frames: FrameReader | null = null

  constructor(readonly stream: Duplex) {
    super()
    stream.on('data', (bytes) => this.#take(bytes))
    stream.on('end', () => this.events.end())
    stream.on('error', (error) => this.events.destroy(error))
  }

  send(frame: Buffer) {
    this.stream.write(frame)
  }

  /** Lets the guest wait; it waits for every event, too. */
  pause() {
    this.stream.pause()
  }

  resume() {
    this.stream.resume()
  }

  #take(bytes: Buffer) {
    let rest: Buffer = bytes
    while (rest.length) rest = this.#frames ? this.#takeFrames(this.#frames, rest) : this.#takeLine(rest)
  }

  /** Takes one line, or the rest. @returns what is behind it */
  #takeLine(bytes: Buffer): Buffer {
    const end = bytes.indexOf('\n') + 1 || bytes.length
    const part = bytes.subarray(0, end)
    this.#line = Buffer.concat([this.#line, part])
    this.events.write(part)
    if (this.#line.at(-1) !== 0x0a) return Buffer.alloc(0)
    if (OPENS.test(this.#line.toString())) this.#frames = new FrameReader()
    this.#line = Buffer.alloc(0)
    return bytes.subarray(end)
  }

  /** Takes frames up to the last one of the shell. @returns what is behind it */
  #takeFrames(reader: FrameReader, bytes: Buffer): Buffer {
    try {
      for (const frame of reader.take(bytes)) this.emit('frame', frame)
    } catch (error) {
      if (!(error instanceof BrokenFrames)) throw error
      this.emit('broken', error)
      return Buffer.alloc(0)
    }
    if (!reader.ended) return Buffer.alloc(0)
    this.#frames = null
    return reader.rest
  }
}

/** The events of a guest. @param shell takes the way to the shell that opens in it; none does where it is undefined */
export function eventsOf(stream: Duplex, shell?: (port: ShellPort) => void): Readable {
  if (!shell) return stream
  const port = new ShellPort(stream)
  shell(port)
  return port.events
}
