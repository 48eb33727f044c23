import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import type { Event } from '../../model/events.ts'
import { attend } from '../attend.ts'
import { type Boot, DIES_WITH_LAB, type GuestFacts, type Observer } from '../guest.ts'
import { eventsOf } from '../shell/port.ts'
import { descendantsNamed, watchWaiting } from '../threads.ts'
import { layOutCell } from './layout.ts'

const EVENTS = 3

/**
 * The command that runs a cell whose root lies in a folder: init makes the namespaces and the walls around it
 * (images/guest/init/walls.h), and stays outside itself. SIGTERM ends both.
 *
 * @param programs the lab's own for guests: none of the cell's own runs outside
 * @param events the descriptor that events go to
 */
export const hostCommand = (programs: string, root: string, events: number) => [
  ...DIES_WITH_LAB,
  ...[join(programs, 'init'), '--apart', root, String(events)],
]

/**
 * Runs a guest on the running kernel, in user, network, mount, PID, IPC and UTS namespaces made for it: the same
 * programs, the same root file system, no emulation. Root there is nobody here. The host's files, network, firewall and
 * sysctls are out of reach, and what it takes of memory and processes has limits. The kernel ends everything in the PID
 * namespace together with its process 1.
 */
export async function runHost(
  boot: Boot,
  folder: string,
  observer: Observer,
  signal: AbortSignal,
): Promise<GuestFacts> {
  const root = join(folder, 'rootfs')
  await layOutCell(boot, root)
  await copyClocksource(root)
  const argv = hostCommand(boot.root.programs, root, EVENTS)
  observer.command(argv)

  const started = performance.now()
  const init = spawn(argv[0]!, argv.slice(1), { stdio: ['ignore', 'pipe', 'pipe', 'pipe'], detached: true })
  const gone = once(init, 'close')
  for (const stream of [init.stdout!, init.stderr!]) stream.on('data', (text) => observer.console(String(text)))
  const apart = boot.cpus.proxy !== boot.cpus.generator
  let bootMs: number | null = null
  let waited: number | null = null
  let waitedSoFar: (() => number | null) | undefined
  const onEvent = (event: Event) => {
    bootMs ??= performance.now() - started
    // The generator has its CPU almost to itself, unless the case puts it on the proxy's. The proxies share theirs with
    // the reloads, so that their waiting is no noise.
    if (event.e === 'reloading' && apart) waitedSoFar = watchWaiting(descendantsNamed(init.pid!, 'load'))
    // The generator may have ended before its last event is read: then the value of the last second remains.
    if (event.e === 'tick' || event.e === 'draining') waited = waitedSoFar?.() ?? waited
    if (event.e === 'draining') waitedSoFar = undefined
    observer.event(event)
  }
  try {
    await attend(
      eventsOf(init.stdio[EVENTS] as Duplex, observer.shell),
      { ...observer, event: onEvent },
      boot.seconds,
      signal,
    )
    return { vcpus: [], vcpusAtEnd: [], waited, bootMs, starts: 1 }
  } finally {
    // It ends the cell, and takes away what it has made for it.
    init.kill('SIGTERM')
    await gone
  }
}

/**
 * The guest reads the clock source from /sys, which its namespaces do not mount. Node's cp() would never end here, as
 * copy_file_range(2) copies nothing from there.
 */
async function copyClocksource(root: string) {
  const clocksource = 'sys/devices/system/clocksource/clocksource0'
  await mkdir(join(root, clocksource), { recursive: true })
  await writeFile(join(root, clocksource, 'current_clocksource'), await readFile(`/${clocksource}/current_clocksource`))
}
