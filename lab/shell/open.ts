import { scratch } from '../../images/cache/scratch.ts'
import { ConsoleTail } from '../engine/console-tail.ts'
import { shellBootOf } from '../guest/boot.ts'
import { GuestFailed, observing } from '../guest/guest.ts'
import { GUESTS } from '../guest/guests.ts'
import { located } from '../guest/parts.ts'
import { EXIT, Fault } from '../model/fault.ts'
import type { Request } from '../model/request.ts'
import { cellOf, note, type Options } from './cell.ts'
import { cpusForShell } from './cpus.ts'
import { greetingOf, promptOf } from './greeting.ts'
import { Session } from './session.ts'

/** Lines of a dead guest's console that are shown; a call trace fits. */
const LINES = 40

/**
 * Opens a shell in a guest, for whoever uses this process's streams. Nothing of the guest is left when it returns.
 *
 * @returns the status of the shell
 * @throws a Fault: exit 2 and 3 for what cannot be had, exit 4 where the guest died, with the end of its console
 */
export async function openShell(request: Request, options: Options, signal: AbortSignal): Promise<number> {
  const cell = await cellOf(request, options, signal)
  const boot = shellBootOf(await located(cell), greetingOf(cell), promptOf(cell), await cpusForShell(note))
  note(`starting ${cell.kernel.name}`)
  const tail = new ConsoleTail()
  const broken = new AbortController()
  const session = new Session(process, (error) => broken.abort(error))
  const observer = observing({
    console: (text) => tail.add(text),
    shell: (port) => session.connect(port),
    event: ({ e }) => e === 'shell' && session.begin(),
  })
  try {
    const ending = AbortSignal.any([signal, broken.signal])
    await scratch('guest', (folder) => GUESTS[cell.guest].run(boot, folder, observer, ending))
  } catch (error) {
    if (signal.aborted || !(error instanceof GuestFailed)) throw error
    if (!broken.signal.aborted) throw died(error, tail)
    if (session.status === null) throw new Fault((broken.signal.reason as Error).message, EXIT.failed)
  } finally {
    session.end()
  }
  if (session.status === null) throw died(new Error('the guest ended, and its shell told no status'), tail)
  return session.status
}

function died(error: Error, tail: ConsoleTail): Fault {
  const lines = tail.lines().slice(-LINES)
  const console = lines.length
    ? ['its console ended with:', ...lines.map((line) => `  ${line}`)]
    : ['its console is empty']
  return new Fault([error.message, ...console].join('\n'), EXIT.failed)
}
