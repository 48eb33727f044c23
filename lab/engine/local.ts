import { join } from 'node:path'
import type { Event, EventOf } from '../guest/events.ts'
import { bootOf } from '../guest/files.ts'
import type { Cpus, Outside, RunGuest, Watcher } from '../guest/guest.ts'
import { runHost } from '../guest/host.ts'
import { runQemu } from '../guest/qemu.ts'
import { inScratch } from '../guest/scratch.ts'
import { watchStolen } from '../guest/threads.ts'
import { notAsAsked } from '../measure/asked.ts'
import { measure } from '../measure/measure.ts'
import type { FailedCell, Measured, Provenance } from '../measure/result.ts'
import { type Cell, cellName } from '../plan/cell.ts'
import { CellFolder } from './folder.ts'

/** A cell that measured something; its verdict needs the other cells. */
export interface Done {
  cell: Cell
  provenance: Provenance
  measured: Measured
  backwards: number
}

/** How a cell ended. */
export type Outcome = { done: Done } | { failed: FailedCell } | { interrupted: true }

const GUESTS: Record<Cell['guest'], RunGuest> = { qemu: runQemu, host: runHost }

/**
 * Carries one cell out on this machine and saves what it tells under `<run>/<cell>/`.
 *
 * @param cpus of this machine, which the cell has to itself
 * @param say takes one line of progress: seconds left, resets so far
 */
export async function runCell(
  cell: Cell,
  run: string,
  cpus: Cpus,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<Outcome> {
  const events: Event[] = []
  const provenance = unknownProvenance(cell)
  // Saving can fail (a full disk) at a moment when nobody awaits: then the guest is ended and the cell has failed.
  const unsaved = new AbortController()
  let folder: CellFolder | undefined
  try {
    const boot = bootOf(cell, cpus)
    folder = new CellFolder(join(run, provenance.folder), boot.files)
    const watching = watcher(cell, cpus, folder, provenance, events, unsaved, say)
    const ending = AbortSignal.any([signal, unsaved.signal])
    const outside = await inScratch((scratch) => GUESTS[cell.guest](boot, scratch, watching, ending))
    complete(provenance, events, outside)
    const done = doneOf(cell, provenance, events)
    const amiss = listenerNotPassed(cell, events) ?? notAsAsked(provenance, events)
    if (amiss) throw new Error(amiss)
    return { done }
  } catch (error) {
    if (signal.aborted) return { interrupted: true }
    const { message } = (unsaved.signal.reason ?? error) as Error
    const reason = [message, cell.kernel.hint].filter(Boolean).join('; ')
    complete(provenance, events, null)
    return {
      failed: { ...provenance, verdict: 'failed', reason, consoleTail: folder?.consoleTail() ?? [] },
    }
  }
}

/** What the events of a cell that ended well come to. @throws Unmeasurable */
export const doneOf = (cell: Cell, provenance: Provenance, events: Event[]): Done => ({
  cell,
  provenance,
  measured: measure(events, cell.seed),
  backwards: find(events, 'clocks')?.backwards ?? 0,
})

const find = <E extends Event['e']>(events: Event[], e: E) => events.find((event): event is EventOf<E> => event.e === e)

function watcher(
  cell: Cell,
  cpus: Cpus,
  folder: CellFolder,
  provenance: Provenance,
  events: Event[],
  unsaved: AbortController,
  say: (line: string) => void,
): Watcher {
  const saving = (save: () => void) => {
    try {
      save()
    } catch (error) {
      unsaved.abort(new Error(`cannot save the run: ${(error as Error).message}`))
    }
  }
  const progress = progressOf(cell)
  let stolen: (() => number | null) | undefined
  return {
    command: (argv) => {
      provenance.command = argv
      saving(() => folder.command(argv))
    },
    line: (line) => saving(() => folder.line(line)),
    console: (text) => saving(() => folder.console(text)),
    event: (event) => {
      events.push(event)
      if (event.e === 'reloading') stolen = watchStolen([cpus.proxy, cpus.generator])
      if (event.e === 'draining') provenance.stolen = stolen?.() ?? null
      const line = progress(event)
      if (line) say(line)
    },
  }
}

/** Turns events into a line for the person who waits. */
function progressOf({ load }: Cell) {
  let until = 0
  return (event: Event): string | null => {
    if (event.e === 'boot') return 'booted'
    if (event.e === 'reloading') until = Date.now() + load.duration * 1000
    if (event.e === 'draining') return 'waiting for the last connections'
    if (event.e !== 'tick' || !until) return null
    const left = Math.max(0, Math.round((until - Date.now()) / 1000))
    const refused = event.refused ? `, ${event.refused} refused` : ''
    return `${left} s left, ${event.reset} resets${refused} in ${event.begun} connections`
  }
}

/** What is known of a cell before its guest ran. */
const unknownProvenance = (cell: Cell): Provenance => ({
  kernel: cell.kernel.name,
  series: cell.kernel.series,
  case: cell.case.name,
  guest: cell.guest,
  accel: cell.accel,
  haproxy: cell.haproxy.version,
  kernelSha256: cell.kernel.sha256,
  kernelVersion: null,
  load: cell.load,
  seed: cell.seed,
  pins: { proxy: '', generator: '', vcpus: [] },
  waited: null,
  stolen: null,
  clocksource: null,
  bootMs: null,
  noisy: false,
  noise: [],
  boots: 1,
  command: [],
  folder: cellName(cell),
})

/** Adds what the guest told, and what could be seen from outside. */
function complete(provenance: Provenance, events: Event[], outside: Outside | null) {
  Object.assign(provenance, toldOf(events, outside?.vcpus ?? []))
  provenance.waited = outside?.waited ?? null
  provenance.bootMs = outside?.bootMs ?? null
  provenance.boots = outside?.boots ?? 1
}

/** What a cell's events tell of where it ran. */
export function toldOf(events: Event[], vcpus: string[]): Pick<Provenance, 'kernelVersion' | 'clocksource' | 'pins'> {
  const pins = find(events, 'pins')
  return {
    kernelVersion: find(events, 'boot')?.version ?? null,
    clocksource: pins?.clocksource || null,
    pins: { proxy: pins?.proxy ?? '', generator: pins?.generator ?? '', vcpus },
  }
}

/** A descriptor that was not passed (haproxy issue 1803) leaves a reload that looks like any other; null: all were. */
export function listenerNotPassed({ case: { proof } }: Pick<Cell, 'case'>, events: Event[]): string | null {
  const reloads = events.filter((event): event is EventOf<'reload'> => event.e === 'reload')
  const other = proof === 'kept-listener' && reloads.find((reload) => reload.listener !== reload.replaced)
  return other ? `reload ${other.number}: the new proxy has a listener of its own, not the one passed on` : null
}
