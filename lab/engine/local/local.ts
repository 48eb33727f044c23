import { release } from 'node:os'
import { scratch } from '../../../images/cache/cache.ts'
import { bootOf } from '../../guest/boot.ts'
import { cpuPairs } from '../../guest/cpus.ts'
import type { Cpus } from '../../guest/guest.ts'
import { GUESTS } from '../../guest/guests.ts'
import { located, PartMissing } from '../../guest/parts.ts'
import { watchStolen } from '../../guest/threads.ts'
import type { Cell } from '../../model/cell.ts'
import { waitsKnown } from '../../model/guest.ts'
import type { Machine } from '../../model/machine.ts'
import { type Outcome, UNSEEN } from '../../model/outcome.ts'
import { CpuPool } from '../cpus.ts'
import type { BootObserver, Engine } from '../engine.ts'
import { Seen } from '../seen.ts'
import { thisMachine } from './machine.ts'

/**
 * Carries boots out on this machine, each on two CPUs of its own while there are enough.
 *
 * @param named whether the run has other machines, see {@link thisMachine}
 */
export function localEngine(named = false): Engine {
  const cpus = new CpuPool(cpuPairs())
  const machine = thisMachine(named)
  return {
    slots: cpus.pairs.length,
    obstacle,
    run: ({ cell }, observer, signal) => cpus.lend((pair) => carryOut(cell, machine, pair, observer, signal)),
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
  cpus: Cpus,
  observer: BootObserver,
  signal: AbortSignal,
): Promise<Outcome> {
  const seen = new Seen({ ...UNSEEN, machine })
  const started = performance.now()
  const broken = new AbortController()
  const guarded = guard(observer, broken)
  let stolen: (() => number | null) | undefined
  const watching: BootObserver = {
    ...seen.watching(guarded),
    event: (event) => {
      if (event.e === 'reloading' && waitsKnown(cell.guest)) stolen = watchStolen([cpus.proxy, cpus.generator])
      if (event.e === 'draining') seen.facts.stolen = stolen?.() ?? null
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
