import { scratch } from '../../images/cache/scratch.ts'
import { matchKernels } from '../../images/kernels/catalogue.ts'
import { within } from '../cli/children.ts'
import { supplyOf } from '../cli/options/supply.ts'
import { ConsoleTail } from '../engine/local/console-tail.ts'
import { shellBootOf } from '../guest/boot.ts'
import { GuestFailed, observing } from '../guest/guest.ts'
import { GUESTS, guestFor } from '../guest/guests.ts'
import { located } from '../guest/parts.ts'
import type { Cell } from '../model/cell.ts'
import { EXIT, Fault, notReady } from '../model/fault.ts'
import type { Request } from '../model/request.ts'
import type { Supply } from '../model/supply.ts'
import { mostUsers } from '../plan/loads.ts'
import { makePlan } from '../plan/plan.ts'
import { prepareAll } from '../prepare/prepare.ts'
import { greetingOf, promptOf } from './greeting.ts'
import { Session } from './session.ts'

/** Seconds for all that is fetched and built, as for a run. */
const PREPARE_SECONDS = 1800

/** Lines of a dead guest's console that are shown; a call trace fits. */
const LINES = 40

type Options = Parameters<typeof supplyOf>[0] & { noInstall: boolean }

/**
 * Opens a shell in a guest, for whoever uses this process's streams. Nothing of the guest is left when it returns.
 *
 * @returns the status of the shell
 * @throws a Fault: exit 2 and 3 for what cannot be had, exit 4 where the guest died, with the end of its console
 */
export async function openShell(request: Request, options: Options, signal: AbortSignal): Promise<number> {
  const cell = await cellOf(request, options, signal)
  const boot = shellBootOf(await located(cell), greetingOf(cell), promptOf(cell))
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

/** The cell of a request, with all its parts on this machine. What it would be compared with is not needed. */
async function cellOf(request: Request, options: Options, signal: AbortSignal): Promise<Cell> {
  for (const spec of request.kernels.flatMap(matchKernels)) GUESTS[guestFor(spec)].requireUsers(mostUsers(request))
  const supply = (signal: AbortSignal): Supply => supplyOf(options, note, signal)
  const [prepared] = await within(PREPARE_SECONDS, 'fetching and building what the guest needs', signal, (signal) =>
    prepareAll([request], supply(signal), { install: !options.noInstall, controls: false }),
  )
  const { cells, skipped } = makePlan(request, prepared!)
  const [cell] = cells
  if (cell) return cell
  const why = skipped.map(({ kernel, case: name, reason }) => `${name} on ${kernel}: ${reason}`)
  throw notReady(why.join('\n'), 'npx tsx lab/list.ts cases')
}

function died(error: Error, tail: ConsoleTail): Fault {
  const lines = tail.lines().slice(-LINES)
  const console = lines.length
    ? ['its console ended with:', ...lines.map((line) => `  ${line}`)]
    : ['its console is empty']
  return new Fault([error.message, ...console].join('\n'), EXIT.failed)
}

function note(line: string) {
  process.stderr.write(`${line}\n`)
}
