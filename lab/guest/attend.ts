import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { type Event, readEvent } from '../model/events.ts'
import { boundedEvents } from './bounds.ts'
import { GuestFailed, GuestHung, LIMITS, type Observer } from './guest.ts'
import type { Console } from './qemu/console.ts'

/**
 * Follows a guest's event stream until it says `done` with status 0. Everything else is a GuestFailed: an `error`
 * event, a broken line, silence, the end of the stream, a boot that takes too long, an abort. So is the death of its
 * kernel. The words on the console alone do not prove it, as a program may print them; no event may follow them. While a
 * shell is open in it, whoever uses that decides how long it is silent.
 *
 * @param seconds how long its load takes
 * @param console the guest's console, where it has a kernel of its own
 */
export async function attend(
  stream: Readable,
  observer: Pick<Observer, 'line' | 'event'>,
  seconds: number,
  signal: AbortSignal,
  limits = LIMITS,
  console?: Console,
): Promise<void> {
  const lines = createInterface({ input: stream.pipe(boundedEvents(seconds)), crlfDelay: Number.POSITIVE_INFINITY })
  let read = 0
  let error: string | undefined
  return new Promise<void>((resolve, reject) => {
    const fail = (message: string) => finish(() => reject(new GuestFailed(message)))
    const most = seconds + limits.overhead
    const silent = () => new GuestHung(`the guest did not boot: no event within ${limits.boot} s`)
    const silence = deadline(limits.boot, () => finish(() => reject(silent())))
    const hangs = () => fail(`the guest hangs: no event for ${limits.silence} s after event ${read}`)
    const whole = deadline(most, () => fail(`the cell did not end within ${most} s`))
    const aborted = () => fail('interrupted')
    const when = () => (read ? `after event ${read}` : 'before it told anything')
    let isOpen = false
    let diedAt = 0
    let burial: NodeJS.Timeout | undefined
    const died = () => {
      diedAt = performance.now()
      clearTimeout(burial)
      burial = setTimeout(() => fail(`the guest died ${when()}`), limits.trace * 1000)
    }
    const lives = () => {
      if (!console?.death || performance.now() - diedAt < limits.underway * 1000) return
      clearTimeout(burial)
      console.death = null
    }
    const finish = (settle: () => void) => {
      silence.clear()
      whole.clear()
      clearTimeout(burial)
      console?.off('death', died)
      signal.removeEventListener('abort', aborted)
      // First: the end of the stream would count as a failure.
      settle()
      lines.close()
    }
    console?.on('death', died)
    signal.addEventListener('abort', aborted)
    if (signal.aborted) return aborted()

    const take = (event: Event) => {
      observer.event(event)
      if (event.e === 'shell') {
        isOpen = true
        silence.clear()
        whole.clear()
      }
      // The guest may go on to its end, so that its console says why.
      if (event.e === 'error') error ??= event.message
      if (error) silence.restart(limits.farewell, () => fail(error!))
      if (event.e !== 'done') return
      if (error) return fail(error)
      if (event.status !== 0) return fail(`the guest's run.sh ended with status ${event.status} and no error`)
      finish(resolve)
    }
    lines.on('line', (raw) => {
      // Drivers of some old kernels send a byte as the port is opened. What it might hide, the numbers of the events show.
      const line = read ? raw : raw.slice(Math.max(0, raw.indexOf('{')))
      if (!isOpen) silence.restart(limits.silence, hangs)
      lives()
      try {
        observer.line(line)
        take(readEvent(line, ++read))
      } catch (error) {
        fail((error as Error).message)
      }
    })
    lines.on('close', () => fail(error ?? `the guest ended ${read ? 'without "done", ' : ''}${when()}`))
    // A guest that is killed resets its streams, even after it has said everything.
    for (const emitter of [stream, lines])
      emitter.on('error', (error) =>
        fail(error instanceof GuestFailed ? error.message : `the event stream broke: ${error.message}`),
      )
  })
}

function deadline(seconds: number, then: () => void) {
  let timer = setTimeout(then, seconds * 1000)
  const clear = () => clearTimeout(timer)
  return {
    clear,
    restart(seconds: number, then: () => void) {
      clear()
      timer = setTimeout(then, seconds * 1000)
    },
  }
}
