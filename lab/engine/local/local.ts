import { release } from 'node:os'
import { scratch } from '../../../images/cache/cache.ts'
import { bootOf } from '../../guest/boot.ts'
import { Bound } from '../../guest/bounds.ts'
import type { Pair } from '../../guest/cpus/pairs.ts'
import { ownCpus } from '../../guest/cpus/pool.ts'
import { GUESTS } from '../../guest/guests.ts'
import { thisMachine } from '../../guest/machine.ts'
import { located, PartMissing } from '../../guest/parts.ts'
import { Stolen } from '../../guest/stolen.ts'
import type { Cell } from '../../model/cell.ts'
import { waitsKnown } from '../../model/guest.ts'
import { type Outcome, UNSEEN } from '../../model/outcome.ts'
import type { Machine } from '../../model/result/machine.ts'
import type { BootObserver, Engine } from '../engine.ts'
import { onOwnCpus } from '../on-own-cpus.ts'
import { Seen } from '../seen.ts'

/**
 * Carries boots out on this machine, each on two CPUs that no other guest of any lab has.
 *
 * @param named whether the run has other machines, see {@link thisMachine}
 * @param cpus where it gets them
 */
export function localEngine(named = false, cpus = ownCpus()): Engine {
  const machine = thisMachine(named)
  return {
    slots: cpus.slots,
    obstacle,
    run: ({ cell }, observer, signal) =>
      onOwnCpus(cpus, (pair) => carryOut(cell, machine, pair, observer, signal), observer, signal),
  }
}

async function obstacle(cell: Cell): Promise<string | null> {
  if (!GUESTS[cell.guest].ownKernel && cell.kernel.name !== release())
    return `this host ran Linux ${cell.kernel.name} and now runs ${release()}`
  try {
    await located(cell)
    return null
  } catch (error) {
    if (error instanceof PartMissing) return error.message
    throw error
  }
}

async function carryOut(
  cell: Cell,
  machine: Machine,
  cpus: Pair,
  observer: BootObserver,
  signal: AbortSignal,
): Promise<Outcome> {
  // Which CPUs a machine of Vagrant's has, and of which host, nobody knows here.
  const isHere = waitsKnown(cell.guest)
  const seen = new Seen({ ...UNSEEN, machine, ...(isHere && cpus.oneCore && { oneCore: true }) })
  const started = performance.now()
  const broken = new AbortController()
  const guarded = guard(bounded(observer, cell.load.duration), broken)
  const stolen = new Stolen(cpus)
  const watching: BootObserver = {
    ...seen.watching(guarded),
    event: (event) => {
      if (isHere) stolen.event(event)
      seen.facts.stolen = stolen.share
      guarded.event(event)
    },
  }
  try {
    const boot = bootOf(await located(cell), cpus)
    watching.files(boot.files)
    const ending = AbortSignal.any([signal, broken.signal])
    ending.throwIfAborted()
    const told = await scratch('guest', (folder) => GUESTS[cell.guest].run(boot, folder, watching, ending))
    broken.signal.throwIfAborted()
    return seen.done({ ...told, tookMs: performance.now() - started })
  } catch (error) {
    if (signal.aborted) return { kind: 'interrupted' }
    const { message } = (broken.signal.reason ?? error) as Error
    return seen.failed(message)
  }
}

/** Throws before the observer is told more of the console than a guest may say. */
function bounded(observer: BootObserver, seconds: number): BootObserver {
  const bound = new Bound('console', seconds)
  return {
    ...observer,
    console: (text) => {
      bound.take(Buffer.byteLength(text))
      observer.console(text)
    },
  }
}

/** An observer can throw (the disk is full) at a moment when nobody awaits: then `broken` is aborted with its error. */
function guard(observer: BootObserver, broken: AbortController): BootObserver {
  const guarded =
    <T>(tell: (told: T) => void) =>
    (told: T) => {
      try {
        tell(told)
      } catch (error) {
        broken.abort(error)
      }
    }
  return {
    files: guarded(observer.files),
    command: guarded(observer.command),
    line: guarded(observer.line),
    event: guarded(observer.event),
    console: guarded(observer.console),
  }
}
