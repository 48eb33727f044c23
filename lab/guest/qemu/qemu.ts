import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { file, writeInitrd } from '../../../images/rootfs/cpio.ts'
import { baseArchive, proxyArchive } from '../../../images/rootfs/layout.ts'
import { modulesArchive } from '../../../images/rootfs/modules.ts'
import type { Event } from '../../model/events.ts'
import { attend } from '../attend.ts'
import {
  type Boot,
  type Cpus,
  type GuestFacts,
  GuestFailed,
  GuestHopeless,
  GuestHung,
  LIMITS,
  type Observer,
} from '../guest.ts'
import { eventsOf } from '../shell/port.ts'
import { allowedCpus, pin, watchWaiting } from '../threads.ts'
import { FD, qemuCommand } from './command.ts'
import { Console, type Death } from './console.ts'
import { Qmp } from './qmp.ts'

/** How long the lab waits for a guest, and how often the guest may be started until it reports something. */
interface Patience {
  limits: typeof LIMITS
  starts: number
}

/** Characters that are kept of what QEMU says; a guest can make it complain without end. */
const SAID = 2000

const PATIENCE: Patience = { limits: LIMITS, starts: 3 }

/**
 * Runs a guest in a virtual machine with two vCPUs, each pinned to a host CPU of its own where there are two.
 *
 * A guest that dies before its first event is booted again, and the result says so: under multi-threaded TCG one of 14
 * guests of Linux 7.2 died at a breakpoint that the kernel had set to patch its own code. A guest that hangs gets one
 * more start: one in about a hundred of 6.1 hung before its kernel had printed ten lines. Nothing was measured by then.
 * There is no second try after the first event.
 */
export async function runQemu(
  boot: Boot,
  folder: string,
  observer: Observer,
  signal: AbortSignal,
  { limits, starts: most } = PATIENCE,
): Promise<GuestFacts> {
  const initrd = join(folder, 'initrd')
  await packInitrd(boot, initrd)
  const argv = qemuCommand(boot, initrd)
  observer.command(argv)
  for (let starts = 1; ; starts++) {
    let told = false
    const listening = {
      ...observer,
      line: (line: string) => {
        told = true
        observer.line(line)
      },
    }
    const first = starts === 1 && most > 1
    const patience = first ? { ...limits, boot: Math.min(limits.boot, limits.firstBoot) } : limits
    try {
      return { ...(await bootOnce(argv, boot, listening, signal, patience)), starts }
    } catch (error) {
      const again = error instanceof GuestHung ? first : !(error instanceof GuestHopeless)
      if (told || signal.aborted || starts === most || !(error instanceof GuestFailed && again)) throw error
      observer.console(`\n--- ${error.message}; booting again ---\n`)
    }
  }
}

async function bootOnce(
  argv: string[],
  boot: Boot,
  observer: Observer,
  signal: AbortSignal,
  limits: typeof LIMITS,
): Promise<Omit<GuestFacts, 'starts'>> {
  const started = performance.now()
  const qemu = spawn(argv[0]!, argv.slice(1), {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
    // Its own process group: the lab answers Ctrl-C, and ends the guest after it has saved what was measured.
    detached: true,
  })
  const gone = once(qemu, 'close')
  const stream = (fd: number) => qemu.stdio[fd] as Duplex
  const end = async () => {
    qemu.kill('SIGKILL')
    await gone
  }
  let said = ''
  qemu.stderr!.on('data', (text) => {
    said = (said + text).slice(0, SAID)
  })
  const console = new Console()
  stream(FD.console)
    .on('data', (text) => {
      observer.console(String(text))
      console.read(String(text))
    })
    // It is reset when QEMU is killed, which the event stream shows.
    .on('error', () => {})

  let threads: number[] = []
  let bootMs: number | null = null
  let stopWaiting: (() => number | null) | undefined
  const facts = { vcpus: [] as string[], vcpusAtEnd: [] as string[], waited: null as number | null }
  const onEvent = (event: Event) => {
    bootMs ??= performance.now() - started
    if (event.e === 'reloading') {
      facts.vcpus = threads.map(allowedCpus)
      stopWaiting = watchWaiting(threads)
    }
    if (event.e === 'draining') {
      facts.waited = stopWaiting!()
      facts.vcpusAtEnd = threads.map(allowedCpus)
    }
    observer.event(event)
  }
  try {
    const pinned = pinVcpus(new Qmp(stream(FD.qmp)), boot.cpus).then((tids) => {
      threads = tids
    })
    // The event stream shows that a guest ended early; the control socket would only repeat it.
    pinned.catch(() => {})
    await attend(
      eventsOf(stream(FD.events), observer.shell),
      { ...observer, event: onEvent },
      boot.seconds,
      signal,
      limits,
      console,
    )
    await pinned
    return { ...facts, bootMs }
  } catch (error) {
    // QEMU has closed its streams by then, so everything it said has been read.
    await end()
    throw error instanceof GuestFailed ? explained(error, console.death, said) : error
  } finally {
    await end()
  }
}

/** Adds what the guest's kernel and QEMU said to the reason why it failed. */
function explained(error: GuestFailed, death: Death | null, said: string): GuestFailed {
  const line = said
    .trim()
    .replaceAll(/^qemu-system-x86_64: /gm, '')
    .replaceAll(/\s*\n\s*/g, '; ')
  const parts = [death && `its console says "${death.words}"`, line && `QEMU said: ${line}`]
  const message = [error.message, ...parts].filter(Boolean).join('; ')
  if (death?.forSure) return new GuestHopeless(message)
  return error instanceof GuestHung ? new GuestHung(message) : new GuestFailed(message)
}

async function packInitrd({ kernel, root, proxy, modules, files }: Boot, path: string) {
  const archives = await Promise.all([
    baseArchive(root),
    modulesArchive(kernel.modules, modules).then(({ archive }) => archive),
    ...(proxy === null ? [] : [proxyArchive(proxy)]),
  ])
  const entries = Object.entries(files).map(([name, content]) => file(`cell/${name}`, content))
  await writeInitrd(path, archives, entries)
}

/** Gives each vCPU thread a host CPU of its own. */
async function pinVcpus(qmp: Qmp, { proxy, generator }: Cpus): Promise<number[]> {
  const tids = await qmp.vcpuThreads()
  await Promise.all([pin(tids[0]!, proxy), pin(tids[1]!, generator)])
  return tids
}
