import type * as v from 'valibot'
import { readEvent } from '../../model/events.ts'
import { Fault } from '../../model/fault.ts'
import { readAs } from '../../model/text/mistakes.ts'
import type { Note } from '../../model/text/note.ts'
import type { BootObserver } from '../engine.ts'
import { BrokenFrames, FrameReader } from './frames.ts'
import { ANSWERS, type Answer, type Deed, Told } from './protocol.ts'

/** Who is told what a worker tells on its way. */
export interface Listener extends Partial<BootObserver> {
  note?: Note
  keep?: (name: string, text: string) => void
}

/** Turns the lines of a worker into what an observer of the local engine would be told, and into the answer. */
export class Replay<D extends Deed> {
  #frames = new FrameReader()
  #events = 0
  /** Whether the guest's stream can be read no further. */
  #broken = false
  #last: Extract<Told, { tell: 'answer' | 'fault' }> | null = null

  /** @param deed what the worker was ordered to do */
  constructor(
    readonly deed: D,
    readonly listener: Listener,
  ) {}

  /** Whether the worker has said all. */
  get ended(): boolean {
    return this.#frames.ended
  }

  /**
   * @param line of the worker's stdout, without its newline
   * @throws BrokenFrames, and what the listener throws
   */
  take(line: string) {
    const whole = this.#frames.take(line)
    if (!whole) return
    const { output: told, mistakes } = readAs(Told, whole.message)
    if (mistakes) throw new BrokenFrames(`the worker said what this lab does not know: ${mistakes[0]}`)
    this.#pass(told)
  }

  /** From now on the lines come again, from the first: what was told before is not told again. */
  again() {
    this.#frames.again()
  }

  /** @throws BrokenFrames where the worker gave no whole answer; what it says went wrong, as a Fault or else as an Error */
  answer(): Answer<D> {
    if (!this.ended) throw new BrokenFrames('the worker ended before it had said all')
    if (!this.#last) throw new BrokenFrames('the worker gave no answer')
    if (this.#last.tell === 'fault') {
      const { message, exit, hint } = this.#last
      throw exit === null ? new Error(message) : new Fault(message, exit, hint)
    }
    const schema: v.GenericSchema<unknown, unknown> = ANSWERS[this.deed]
    const { output, mistakes } = readAs(schema, this.#last.answer)
    if (mistakes) throw new BrokenFrames(`the worker's answer is none: ${mistakes.join('; ')}`)
    return output as Answer<D>
  }

  #pass(told: Told) {
    const { listener } = this
    switch (told.tell) {
      case 'note':
        return listener.note?.(told.line)
      case 'keep':
        return listener.keep?.(told.name, told.text)
      case 'files':
        return listener.files?.(told.files)
      case 'command':
        return listener.command?.(told.argv)
      case 'console':
        return listener.console?.(told.text)
      case 'line':
        listener.line?.(told.line)
        return this.#event(told.line)
      default:
        this.#last = told
    }
  }

  /** The worker sees for itself where a guest's stream breaks, and says so in its outcome: then no more events follow. */
  #event(line: string) {
    if (this.#broken) return
    const event = eventIn(line, ++this.#events)
    if (event) this.listener.event?.(event)
    else this.#broken = true
  }
}

function eventIn(line: string, n: number) {
  try {
    return readEvent(line, n)
  } catch {
    return null
  }
}
