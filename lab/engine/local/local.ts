import { join } from 'node:path'
import { bootOf } from '../../guest/files.ts'
import type { Cpus, Outside, RunGuest, Watcher } from '../../guest/guest.ts'
import { runHost } from '../../guest/host/host.ts'
import { runQemu } from '../../guest/qemu/qemu.ts'
import { inScratch } from '../../guest/scratch.ts'
import { watchStolen } from '../../guest/threads.ts'
import { type Tally, tally } from '../../measure/numbers/tally.ts'
import { notAsAsked } from '../../measure/verdict/asked.ts'
import { type Pins, pinsOf } from '../../measure/verdict/pins.ts'
import { bootFolder, type Cell } from '../../model/cell.ts'
import { allOf, type Event } from '../../model/events.ts'
import type { Boot } from '../../model/result.ts'
import { CellFolder } from './folder.ts'

/** A boot of a cell that ended well. */
export interface BootDone {
  cell: Cell
  /** Counted from 1. */
  boot: number
  /** Where it ran. */
  facts: Boot
  /** /proc/version, as the guest's kernel says it. */
  kernelVersion: string | null
  /** Where its programs ran, each time that it was read. */
  pins: Pins
  tally: Tally
}

/** A boot that did not. */
export interface BootFailed {
  cell: Cell
  boot: number
  facts: Boot
  reason: string
  consoleTail: string[]
}

/** How a boot ended. */
export type Outcome = { done: BootDone } | { failed: BootFailed } | { interrupted: true }

const GUESTS: Record<Cell['guest'], RunGuest> = { qemu: runQemu, host: runHost }

/**
 * Carries one boot of a cell out on this machine and saves what it tells under `<run>/<cell>/boot-N/`.
 *
 * @param cpus of this machine, which the boot has to itself
 * @param say takes one line of progress: seconds left, resets so far
 */
export async function runBoot(
  cell: Cell,
  boot: number,
  run: string,
  cpus: Cpus,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<Outcome> {
  const events: Event[] = []
  const facts = unknownFacts(boot)
  // Saving can fail (a full disk) at a moment when nobody awaits: then the guest is ended and the boot has failed.
  const unsaved = new AbortController()
  let folder: CellFolder | undefined
  try {
    const given = bootOf(cell, cpus)
    folder = new CellFolder(join(run, cell.name, facts.folder), given.files)
    const watching = watcher(cell, cpus, folder, facts, events, unsaved, say)
    const ending = AbortSignal.any([signal, unsaved.signal])
    const outside = await inScratch((scratch) => GUESTS[cell.guest](given, scratch, watching, ending))
    complete(facts, events, outside)
    return { done: doneOf(cell, boot, facts, events) }
  } catch (error) {
    if (signal.aborted) return { interrupted: true }
    const { message } = (unsaved.signal.reason ?? error) as Error
    const reason = [message, cell.kernel.hint].filter(Boolean).join('; ')
    complete(facts, events, null)
    return { failed: { cell, boot, facts, reason, consoleTail: folder?.consoleTail() ?? [] } }
  }
}

/**
 * What the events of a boot that ended well come to.
 *
 * @param told their tally, made before all else: what did not go its course ran nothing that was asked for
 * @throws Unmeasurable, or an Error when a descriptor was not passed, or another load or kernel ran than was asked for
 */
export function doneOf(cell: Cell, boot: number, facts: Boot, events: Event[], told = tally(events)): BootDone {
  const otherwise = listenerNotPassed(cell, events) ?? notAsAsked({ kernel: cell.kernel.name, load: cell.load }, events)
  if (otherwise) throw new Error(otherwise)
  return {
    cell,
    boot,
    facts,
    kernelVersion: allOf(events, 'boot')[0]?.version ?? null,
    pins: pinsOf(events, facts.pins),
    tally: told,
  }
}

function watcher(
  cell: Cell,
  cpus: Cpus,
  folder: CellFolder,
  facts: Boot,
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
      facts.command = argv
      saving(() => folder.command(argv))
    },
    line: (line) => saving(() => folder.line(line)),
    console: (text) => saving(() => folder.console(text)),
    event: (event) => {
      events.push(event)
      if (event.e === 'reloading') stolen = watchStolen([cpus.proxy, cpus.generator])
      if (event.e === 'draining') facts.stolen = stolen?.() ?? null
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

/** What is known of a boot before its guest ran. */
const unknownFacts = (boot: number): Boot => ({
  folder: bootFolder(boot),
  starts: 1,
  bootMs: null,
  pins: { proxy: '', generator: '', vcpus: [], vcpusAtEnd: [] },
  waited: null,
  stolen: null,
  clocksource: null,
  command: [],
})

/** Adds what the guest told, and what could be seen from outside. */
function complete(facts: Boot, events: Event[], outside: Outside | null) {
  Object.assign(facts, toldOf(events, outside ?? { vcpus: [], vcpusAtEnd: [] }))
  facts.waited = outside?.waited ?? null
  facts.bootMs = outside?.bootMs ?? null
  facts.starts = outside?.starts ?? 1
}

/** What a boot's events tell of where it ran. */
export function toldOf(
  events: Event[],
  { vcpus, vcpusAtEnd }: Pick<Boot['pins'], 'vcpus' | 'vcpusAtEnd'>,
): Pick<Boot, 'clocksource' | 'pins'> {
  const [pins] = allOf(events, 'pins')
  return {
    clocksource: pins?.clocksource || null,
    pins: { proxy: pins?.proxy ?? '', generator: pins?.generator ?? '', vcpus, vcpusAtEnd },
  }
}

/** A descriptor that was not passed (haproxy issue 1803) leaves a reload that looks like any other; null: all were. */
export function listenerNotPassed({ case: { proof } }: Pick<Cell, 'case'>, events: Event[]): string | null {
  const reloads = allOf(events, 'reload')
  const other = proof === 'kept-listener' && reloads.find((reload) => reload.listener !== reload.replaced)
  return other ? `reload ${other.number}: the new proxy has a listener of its own, not the one passed on` : null
}
