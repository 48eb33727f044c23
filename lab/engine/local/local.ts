import { release } from 'node:os'
import { scratch } from '../../../images/cache/cache.ts'
import { bootOf } from '../../guest/boot.ts'
import { cpuPairs } from '../../guest/cpus.ts'
import type { Cpus } from '../../guest/guest.ts'
import { GUESTS } from '../../guest/guests.ts'
import { located, PartMissing } from '../../guest/parts.ts'
import { watchStolen } from '../../guest/threads.ts'
import type { Cell } from '../../model/cell.ts'
import type { Machine } from '../../model/machine.ts'
import { type Outcome, UNSEEN } from '../../model/outcome.ts'
import type { BootObserver, Engine } from '../engine.ts'
import { ConsoleTail } from './console-tail.ts'
import { CpuPool } from './cpus.ts'
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
  const facts = { ...UNSEEN, machine }
  const started = performance.now()
  const tail = new ConsoleTail()
  const broken = new AbortController()
  const guarded = guard(observer, broken)
  let stolen: (() => number | null) | undefined
  const watching: BootObserver = {
    ...guarded,
    command: (argv) => {
      facts.command = argv
      guarded.command(argv)
    },
    console: (text) => {
      tail.add(text)
      guarded.console(text)
    },
    event: (event) => {
      if (event.e === 'reloading') stolen = watchStolen([cpus.proxy, cpus.generator])
      if (event.e === 'draining') facts.stolen = stolen?.() ?? null
      guarded.event(event)
    },
  }
  try {
    const boot = bootOf(await located(cell), cpus)
    watching.files(boot.files)
    const ending = AbortSignal.any([signal, broken.signal])
    ending.throwIfAborted()
    const seen = await scratch('guest', (folder) => GUESTS[cell.guest].run(boot, folder, watching, ending))
    broken.signal.throwIfAborted()
    const tookMs = performance.now() - started
    return { kind: 'done', facts: { ...facts, ...seen, tookMs }, consoleTail: tail.lines() }
  } catch (error) {
    if (signal.aborted) return { kind: 'interrupted' }
    const { message } = (broken.signal.reason ?? error) as Error
    return { kind: 'failed', facts, reason: message, consoleTail: tail.lines() }
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
