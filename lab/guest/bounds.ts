import { Transform } from 'node:stream'
import { GuestFailed } from './guest.ts'

const KIB = 1024
const MIB = 1024 * KIB

/**
 * The most that a guest may say, in bytes; beyond `always` for each second of its load. A guest is a stranger, and what
 * it says without end would fill this machine's memory and disk. What was measured stays far below: lines of 4 KiB,
 * 1.5 MiB of events a second of load from 25,000 connections a second, and 46 KiB on a console.
 */
export const MOST = {
  /** One line of the event stream. */
  line: 64 * KIB,
  events: { always: 64 * MIB, perSecond: 8 * MIB },
  console: { always: 16 * MIB, perSecond: 64 * KIB },
} as const

/** Holds one of a guest's streams to {@link MOST}. */
export class Bound {
  readonly #most: number
  #said = 0

  /** @param seconds how long the guest's load takes */
  constructor(
    readonly what: 'events' | 'console',
    seconds: number,
  ) {
    this.#most = MOST[what].always + Math.ceil(MOST[what].perSecond * seconds)
  }

  /** @throws GuestFailed as soon as it is more */
  take(bytes: number) {
    this.#said += bytes
    if (this.#said > this.#most)
      throw new GuestFailed(`the guest says too much: more than ${Math.floor(this.#most / MIB)} MiB of ${this.what}`)
  }
}

/**
 * An event stream held to {@link MOST}, each of its lines, too, before anything keeps them. It breaks with a GuestFailed,
 * and reads no further.
 *
 * @param seconds how long the guest's load takes
 */
export function boundedEvents(seconds: number): Transform {
  const all = new Bound('events', seconds)
  let line = 0
  const take = (bytes: Buffer) => {
    all.take(bytes.length)
    const end = bytes.lastIndexOf('\n') + 1
    line = end ? bytes.length - end : line + bytes.length
    if (line > MOST.line)
      throw new GuestFailed(`the guest says too much: a line of its event stream has more than ${MOST.line / KIB} KiB`)
  }
  return new Transform({
    transform(bytes: Buffer, _, pass) {
      try {
        take(bytes)
        pass(null, bytes)
      } catch (error) {
        pass(error as Error)
      }
    },
  })
}
