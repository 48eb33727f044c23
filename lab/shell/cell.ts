import { matchKernels } from '../../images/kernels/catalogue.ts'
import { within } from '../cli/children.ts'
import { installs } from '../cli/options/installs.ts'
import { supplyOf } from '../cli/options/supply.ts'
import { GUESTS, guestFor } from '../guest/guests.ts'
import type { Cell } from '../model/cell.ts'
import { notReady } from '../model/fault.ts'
import type { Request } from '../model/request.ts'
import type { Supply } from '../model/supply.ts'
import { mostUsers } from '../plan/loads.ts'
import { makePlan } from '../plan/plan.ts'
import { prepareAll } from '../prepare/prepare.ts'

/** Seconds for all that is fetched and built, as for a run. */
const PREPARE_SECONDS = 1800

export type Options = Parameters<typeof supplyOf>[0] & Parameters<typeof installs>[0]

/**
 * The cell of a request, with all its parts on this machine. What it would be compared with is not needed.
 *
 * @throws a Fault: exit 2 for what does not exist, exit 3 for what cannot be had
 */
export async function cellOf(request: Request, options: Options, signal: AbortSignal): Promise<Cell> {
  for (const spec of request.kernels.flatMap(matchKernels)) GUESTS[guestFor(spec)].requireUsers(mostUsers(request))
  const supply = (signal: AbortSignal): Supply => supplyOf(options, note, signal)
  const [prepared] = await within(PREPARE_SECONDS, 'fetching and building what the guest needs', signal, (signal) =>
    prepareAll([request], supply(signal), { install: installs(options), controls: false }),
  )
  const { cells, skipped } = makePlan(request, prepared!)
  const [cell] = cells
  if (cell) return cell
  const why = skipped.map(({ kernel, case: name, reason }) => `${name} on ${kernel}: ${reason}`)
  throw notReady(why.join('\n'), 'npx tsx lab/list.ts cases')
}

export function note(line: string) {
  process.stderr.write(`${line}\n`)
}
