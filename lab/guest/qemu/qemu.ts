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
  GuestFailed,
  GuestHopeless,
  GuestHung,
  LIMITS,
  type Outside,
  type Watcher,
} from '../guest.ts'
import { allowedCpus, pin, watchWaiting } from '../threads.ts'
import { FD, qemuCommand } from './command.ts'
import { Console, type Death } from './console.ts'
import { Qmp } from './qmp.ts'

/** How long a guest is waited for, and how often it may die before it has told anything. */
interface Patience {
  limits: typeof LIMITS
  starts: number
}

const PATIENCE: Patience = { limits: LIMITS, starts: 3 }

/**
 * Runs a guest in a virtual machine with two vCPUs, each pinned to a host CPU of its own where there are two.
 *
 * A guest that dies before its first event is booted again, and the result says so: under multi-threaded TCG one of
 * 14 guests of Linux 7.2 died at a breakpoint that the kernel had put into code to patch it. So is one that hangs, once:
 * one of some hundred of 6.1 did before its kernel had said its first ten lines. It has measured nothing by then. After
 * the first event there is no second try.
 */
export async function runQemu(
  boot: Boot,
  folder: string,
  watcher: Watcher,
  signal: AbortSignal,
  { limits, starts: most } = PATIENCE,
): Promise<Outside> {
  const initrd = join(folder, 'initrd')
  await packInitrd(boot, initrd)
  const argv = qemuCommand(boot, initrd)
  watcher.command(argv)
  for (let starts = 1; ; starts++) {
    let told = false
    const listening = {
      ...watcher,
      line: (line: string) => {
        told = true
        watcher.line(line)
      },
    }
    const first = starts === 1 && most > 1
    const patience = first ? { ...limits, boot: Math.min(limits.boot, limits.firstBoot) } : limits
    try {
      return { ...(await bootOnce(argv, boot, listening, signal, patience)), starts }
    } catch (error) {
      const again = error instanceof GuestHung ? first : !(error instanceof GuestHopeless)
      if (told || signal.aborted || starts === most || !(error instanceof GuestFailed && again)) throw error
      watcher.console(`\n--- ${error.message}; booting again ---\n`)
    }
  }
}

async function bootOnce(
  argv: string[],
  boot: Boot,
  watcher: Watcher,
  signal: AbortSignal,
  limits: typeof LIMITS,
): Promise<Omit<Outside, 'starts'>> {
  const started = performance.now()
  const qemu = spawn(argv[0]!, argv.slice(1), {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
    // Its own process group: Ctrl-C is the lab's to answer, and it ends the guest after saving what was measured.
    detached: true,
  })
  const gone = once(qemu, 'close')
  const stream = (fd: number) => qemu.stdio[fd] as Duplex
  const end = async () => {
    qemu.kill('SIGKILL')
    await gone
  }
  const said: string[] = []
  qemu.stderr!.on('data', (text) => said.push(String(text)))
  const console = new Console()
  stream(FD.console)
    .on('data', (text) => {
      watcher.console(String(text))
      console.read(String(text))
    })
    // Reset when QEMU is killed; that it was, the event stream tells.
    .on('error', () => {})

  let threads: number[] = []
  let bootMs: number | null = null
  let stopWaiting: (() => number | null) | undefined
  const outside = { vcpus: [] as string[], vcpusAtEnd: [] as string[], waited: null as number | null }
  const onEvent = (event: Event) => {
    bootMs ??= performance.now() - started
    if (event.e === 'reloading') {
      outside.vcpus = threads.map(allowedCpus)
      stopWaiting = watchWaiting(threads)
    }
    if (event.e === 'draining') {
      outside.waited = stopWaiting!()
      outside.vcpusAtEnd = threads.map(allowedCpus)
    }
    watcher.event(event)
  }
  try {
    const pinned = pinVcpus(new Qmp(stream(FD.qmp)), boot.cpus).then((tids) => {
      threads = tids
    })
    // A guest that ends early says so on its event stream; its control socket then only repeats it.
    pinned.catch(() => {})
    await attend(stream(FD.events), { ...watcher, event: onEvent }, boot.seconds, signal, limits, console)
    await pinned
    return { ...outside, bootMs }
  } catch (error) {
    // By then all is read that it said.
    await end()
    throw error instanceof GuestFailed ? explained(error, console.death, said.join('')) : error
  } finally {
    await end()
  }
}

/** Why a guest failed, with what its kernel and QEMU said. */
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
  const archives = [
    await baseArchive(root),
    (await modulesArchive(kernel.modules, modules)).archive,
    ...(proxy === null ? [] : [await proxyArchive(proxy)]),
  ]
  const entries = Object.entries(files).map(([name, content]) => file(`cell/${name}`, content))
  await writeInitrd(path, archives, entries)
}

/** Gives each vCPU thread a host CPU of its own. */
async function pinVcpus(qmp: Qmp, { proxy, generator }: Cpus): Promise<number[]> {
  const tids = await qmp.vcpuThreads()
  await Promise.all([pin(tids[0]!, proxy), pin(tids[1]!, generator)])
  return tids
}
