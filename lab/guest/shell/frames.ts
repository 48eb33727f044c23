// What goes between the lab and a shell in a guest. images/guest/shell/frame.h is the other end, and says what each kind is.

/** To the guest: begin, another size, input. From it: output, standard error, bytes taken, status. */
export type Kind = 'S' | 'W' | 'I' | 'O' | 'E' | 'A' | 'X'

export interface Frame {
  kind: Kind
  data: Buffer
}

/** Bytes of data that a frame can hold. */
const MOST = 1024

/** Bytes of input that may be under way: the guest has said of all others that it has taken them. */
export const WINDOW = 1024

const HEADER = 3
const KINDS = 'OEAX'

/** One frame as bytes. @throws Error when it has too many for a frame */
export function frame(kind: Kind, data: Uint8Array = Buffer.alloc(0)): Buffer {
  if (data.length > MOST) throw new Error(`a frame of ${data.length} bytes; the most are ${MOST}`)
  const header = Buffer.alloc(HEADER)
  header.write(kind, 'latin1')
  header.writeUInt16BE(data.length, 1)
  return Buffer.concat([header, data])
}

/** Rows and columns of a terminal, as they are sent. */
export function sizeData({ rows, columns }: { rows: number; columns: number }): Buffer {
  const data = Buffer.alloc(4)
  data.writeUInt16BE(rows, 0)
  data.writeUInt16BE(columns, 2)
  return data
}

/** A stream that holds something else than frames. */
export class BrokenFrames extends Error {}

/** Takes the frames of a guest apart, up to the one with the status, which is the last. */
export class FrameReader {
  ended = false
  #held: Buffer = Buffer.alloc(0)

  /** The frames that are whole with these bytes. @throws BrokenFrames */
  take(bytes: Uint8Array): Frame[] {
    this.#held = Buffer.concat([this.#held, bytes])
    const frames: Frame[] = []
    while (!this.ended && this.#held.length >= HEADER) {
      const kind = String.fromCharCode(this.#held[0]!)
      const size = this.#held.readUInt16BE(1)
      if (!KINDS.includes(kind) || size > MOST)
        throw new BrokenFrames(
          `the guest's shell sent no frame: ${JSON.stringify(this.#held.toString('latin1', 0, 40))}`,
        )
      if (this.#held.length < HEADER + size) break
      frames.push({ kind: kind as Kind, data: this.#held.subarray(HEADER, HEADER + size) })
      this.#held = this.#held.subarray(HEADER + size)
      this.ended = kind === 'X'
    }
    return frames
  }

  /** What came behind the last frame. */
  get rest(): Buffer {
    return this.#held
  }
}
